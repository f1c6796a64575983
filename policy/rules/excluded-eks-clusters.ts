import type { PolicyResource } from "@pulumi/policy";
import * as z from "zod";

import { AWS } from "../aws-types.js";
import { CLUSTER_SCHEDULE } from "../cluster-schedule.js";
import { exclusionFields, exclusionRules } from "../exclusion-config.js";
import { judgeExclusion, type ExclusionRule, type Subject } from "../exclusion-match.js";
import { stackRule, type Finding } from "../rule.js";
import { keysAt, textAt } from "../value.js";
import type { World } from "../world.js";

const TOUCHING: readonly string[] = [CLUSTER_SCHEDULE, AWS.accessEntry, AWS.accessPolicyAssociation];

/**
 * Where the stack makes the EKS cluster itself, its real tags and its real Kubernetes version count, not what somebody
 * declared of them.
 */
export const excludedEksClusters = ({ stackConfig }: World) =>
  stackRule({
    name: "excluded-eks-clusters",
    says: "Nothing touches an EKS cluster of the same stack that is excluded by what it really is.",
    whatToDo: "Take the resource out of the stack, or the cluster out of the exclusions.",
    config: z.strictObject(exclusionFields),
    onlyWith: AWS.cluster,
    check(resources, config) {
      const stack = stackConfig();
      if (!stack.ok) return [{ problem: `The stack's own exclusions cannot be read: ${stack.problem}` }];
      const rules = exclusionRules(config, stack.value);
      return resources
        .filter(({ type }) => type === AWS.cluster)
        .flatMap((cluster) => checkCluster(subjectOf(cluster), rules, resources));
    },
  });

function checkCluster(
  subject: Subject,
  rules: readonly ExclusionRule[],
  resources: readonly PolicyResource[],
): readonly Finding[] {
  const verdict = judgeExclusion(subject, rules);
  if (verdict.kind !== "excluded" || subject.name === undefined) return [];
  const { from, reason } = verdict.rule;
  return resources
    .filter((resource) => TOUCHING.includes(resource.type) && nameIn(resource) === subject.name)
    .map(({ urn, name }) => ({
      urn,
      problem: `${name} touches the EKS cluster ${String(subject.name)}, which ${from} excludes: ${reason}`,
    }));
}

/** The account is not an input of a cluster; in its ARN it is known once the cluster is made. */
function subjectOf({ props, provider }: PolicyResource): Subject {
  const [, , , region, account] = textAt(props, "arn")?.split(":") ?? [];
  return {
    name: textAt(props, "name"),
    account: account ?? textAt(provider?.props, "allowedAccountIds", "0"),
    region: textAt(props, "region") ?? region ?? textAt(provider?.props, "region"),
    tags: Object.fromEntries(keysAt(props, "tags").map((key) => [key, textAt(props, "tags", key) ?? ""])),
    kubernetesVersion: textAt(props, "version"),
  };
}

/** An unchanged ClusterSchedule shows its outputs only; its own name is, or begins with, the cluster's. */
const nameIn = ({ type, props, name }: PolicyResource): string | undefined =>
  type === CLUSTER_SCHEDULE ? (textAt(props, "cluster") ?? name) : textAt(props, "clusterName");
