import type { ResourceValidationArgs } from "@pulumi/policy";
import * as z from "zod";

import { AWS } from "../aws-types.js";
import { CLUSTER_SCHEDULE, readClusterSchedule } from "../cluster-schedule.js";
import { exclusionFields, exclusionRules, type ExclusionConfig } from "../exclusion-config.js";
import { judgeExclusion, type ExclusionRule, type ExclusionVerdict, type Subject } from "../exclusion-match.js";
import { clustersNamed, policyTexts } from "../iam/named-clusters.js";
import { resourceRule } from "../rule.js";
import type { StackConfig } from "../stack-config.js";
import { textAt, UNKNOWN } from "../value.js";
import type { World } from "../world.js";

const ENTRIES: readonly string[] = [AWS.accessEntry, AWS.accessPolicyAssociation];

/**
 * Excluded means excluded, whoever declares it. What cannot be told fails: a stack config that cannot be read, or a rule
 * that hangs on something that the resource does not say.
 */
export const exclusions = ({ stackConfig }: World) =>
  resourceRule({
    name: "exclusions",
    says: "No ClusterSchedule, role or access entry may touch an excluded cluster.",
    whatToDo: "Take the resource out of the stack, or the cluster out of the exclusions.",
    config: z.strictObject(exclusionFields),
    types: [CLUSTER_SCHEDULE, ...ENTRIES, AWS.role, AWS.rolePolicy, AWS.policy],
    check(resource, config) {
      const stack = stackConfig();
      if (!stack.ok) return [`The stack's own exclusions cannot be read: ${stack.problem}`];
      const rules = exclusionRules(config, stack.value);
      if (resource.type === CLUSTER_SCHEDULE) return checkSchedule(resource, rules, config);
      if (rules.length === 0) return [];
      if (ENTRIES.includes(resource.type)) return checkEntry(resource, rules, { config, stack: stack.value });
      return checkPolicies(resource, rules);
    },
  });

function checkSchedule(
  { props, name }: ResourceValidationArgs,
  rules: readonly ExclusionRule[],
  { kubernetesVersionTag }: ExclusionConfig,
): readonly string[] {
  const reading = readClusterSchedule(props);
  if (!reading.ok)
    return [`Whether ${name} is excluded cannot be told, for its declaration cannot be read: ${reading.problem}`];
  const { identity, tags, id } = reading.cluster;
  const subject = { ...identity, tags, kubernetesVersion: tags[kubernetesVersionTag] };
  const verdict = judgeExclusion(subject, rules);
  if (verdict.kind === "untold") return [`${lackOf(id, verdict)}: declare it with the tag ${kubernetesVersionTag}`];
  return verdictOf(`The ClusterSchedule of ${id}`, verdict);
}

/** An access entry says little of its cluster; its provider and the stack's config may say more. */
function checkEntry(
  resource: ResourceValidationArgs,
  rules: readonly ExclusionRule[],
  { config, stack }: { readonly config: ExclusionConfig; readonly stack: StackConfig },
): readonly string[] {
  const { props, provider } = resource;
  const name = textAt(props, "clusterName");
  const tags = name === undefined ? undefined : stack.tagsOf(name);
  const subject: Subject = {
    name,
    account: accountOf(textAt(props, "principalArn")) ?? textAt(provider?.props, "allowedAccountIds", "0"),
    region: textAt(props, "region") ?? textAt(provider?.props, "region"),
    tags,
    kubernetesVersion: tags?.[config.kubernetesVersionTag],
  };
  const what = `${resource.name}, an access entry of ${name ?? "a cluster whose name is not known yet"},`;
  return verdictOf(what, judgeExclusion(subject, rules));
}

/** The account of an ARN, if it has one. */
const accountOf = (arn: string | undefined): string | undefined => arn?.split(":")[4];

/** The clusters that a role's policies name. What names all of them is the matter of least privilege and of tags. */
function* checkPolicies(resource: ResourceValidationArgs, rules: readonly ExclusionRule[]): Iterable<string> {
  for (const text of policyTexts(resource)) {
    // An unknown policy is one that names what the same run makes; it is asked about again before it is written.
    if (text === UNKNOWN) continue;
    for (const named of clustersNamed(text)) {
      const rule = rules.find((candidate) => named.mayBe(candidate));
      if (rule !== undefined)
        yield* verdictOf(`${resource.name}, a policy that names ${named.arn},`, { kind: "excluded", rule });
    }
  }
}

function verdictOf(what: string, verdict: ExclusionVerdict): readonly string[] {
  if (verdict.kind === "free") return [];
  if (verdict.kind === "untold") return [lackOf(what, verdict)];
  return [`${what} touches a cluster that ${verdict.rule.from} excludes: ${verdict.rule.reason}`];
}

const lackOf = (what: string, { rule, lacking }: Extract<ExclusionVerdict, { readonly kind: "untold" }>): string =>
  `Whether ${what} is excluded cannot be told: the rule "${rule.reason}" of ${rule.from} hangs on its ${lacking}, and that is not known`;
