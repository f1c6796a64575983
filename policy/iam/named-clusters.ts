import { matchesGlob } from "../../runtime/config/glob.js";
import { AWS } from "../aws-types.js";
import type { ExclusionRule } from "../exclusion-match.js";
import { listAt, UNKNOWN, valueAt } from "../value.js";
import { statementsOf } from "./document.js";

/** A cluster, or several by a pattern, in the ARN of a policy. */
export interface NamedCluster {
  readonly arn: string;
  /** Whether a rule of exclusion may mean it. Tags and versions are not in an ARN, so a rule that asks for them alone does not fit. */
  readonly mayBe: (rule: ExclusionRule) => boolean;
}

/** The policies that a role, a role's policy or a managed policy carries; {@link UNKNOWN} for one that a preview cannot know. */
export function policyTexts({ type, props }: { readonly type: string; readonly props: unknown }): readonly unknown[] {
  const texts =
    type === AWS.role
      ? listAt(props, "inlinePolicies").map((inline) => (inline === UNKNOWN ? UNKNOWN : valueAt(inline, "policy")))
      : [valueAt(props, "policy")];
  return texts.filter((text) => text !== undefined);
}

const EKS_ARN = /^arn:[^:]*:eks:([^:]*):([^:]*):(?:cluster|nodegroup|addon|access-entry|fargateprofile)\/([^/]+)/;

/** The clusters that the allowing statements of a policy name by more than `*`. */
export function clustersNamed(policy: unknown): readonly NamedCluster[] {
  return statementsOf(policy)
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ resources }) => resources)
    .flatMap((arn) => {
      const [, region, account, name] = EKS_ARN.exec(arn) ?? [];
      return region === undefined || account === undefined || name === undefined
        ? []
        : [{ arn, mayBe: (rule: ExclusionRule) => mayMean(rule, { region, account, name }) }];
    });
}

/** `*` alone names nobody: what a rule asks for must be said. */
function mayMean(
  { cluster, account, region, tags, kubernetesVersion }: ExclusionRule,
  named: { readonly region: string; readonly account: string; readonly name: string },
): boolean {
  if (tags !== undefined || kubernetesVersion !== undefined) return false;
  return overlaps(cluster, named.name) && overlaps(account, named.account) && overlaps(region, named.region);
}

/** Whether some text may fit both patterns; of two with wildcards that is assumed if one begins as the other does. */
function overlaps(wanted: string | undefined, said: string): boolean {
  if (wanted === undefined) return true;
  if (said === "*" || said === "" || said.startsWith("${")) return false;
  if (!isPattern(said)) return matchesGlob(wanted, said);
  if (!isPattern(wanted)) return matchesGlob(said, wanted);
  const [one, other] = [literalStart(wanted), literalStart(said)];
  return one.startsWith(other) || other.startsWith(one);
}

const isPattern = (text: string): boolean => /[*?]/.test(text);

const literalStart = (pattern: string): string => /^[^*?]*/.exec(pattern)?.[0] ?? "";
