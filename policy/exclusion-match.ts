import type { Tags } from "../runtime/config/index.js";
import { hasAllTags } from "../runtime/config/exclusions.js";
import { matchesGlob } from "../runtime/config/glob.js";

/** A rule that takes clusters out of Curfew's hands, from the stack's config or from the policy's. */
export interface ExclusionRule {
  readonly cluster?: string;
  readonly account?: string;
  readonly region?: string;
  readonly tags?: Tags;
  readonly kubernetesVersion?: string;
  readonly reason: string;
  /** Whose rule it is, in words. */
  readonly from: string;
}

/** A cluster as far as a resource tells which one it means. What is undefined cannot be told. */
export interface Subject {
  readonly name: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly tags: Tags | undefined;
  readonly kubernetesVersion: string | undefined;
}

/** What the rules say of a cluster. */
export type ExclusionVerdict =
  | { readonly kind: "free" }
  | { readonly kind: "excluded"; readonly rule: ExclusionRule }
  /** A rule may fit: that hangs on something that cannot be told. */
  | { readonly kind: "untold"; readonly rule: ExclusionRule; readonly lacking: string };

const FREE: ExclusionVerdict = { kind: "free" };

/** The first rule that fits, else the first that may fit, else none. Pure. */
export function judgeExclusion(subject: Subject, rules: readonly ExclusionRule[]): ExclusionVerdict {
  const verdicts = rules.map((rule) => judge(subject, rule));
  const untold = verdicts.find(({ kind }) => kind === "untold");
  return verdicts.find(({ kind }) => kind === "excluded") ?? untold ?? FREE;
}

/** All that a rule names must fit; one that does not settles it, whatever else is unknown. */
function judge(subject: Subject, rule: ExclusionRule): ExclusionVerdict {
  const answers = matchersOf(subject, rule).filter(({ asked }) => asked);
  if (answers.some(({ fits }) => fits === false)) return FREE;
  const lacking = answers.find(({ fits }) => fits === undefined);
  return lacking === undefined ? { kind: "excluded", rule } : { kind: "untold", rule, lacking: lacking.what };
}

interface Answer {
  readonly what: string;
  /** Whether the rule asks for it. */
  readonly asked: boolean;
  /** Undefined when it cannot be told. */
  readonly fits: boolean | undefined;
}

function matchersOf(subject: Subject, rule: ExclusionRule): readonly Answer[] {
  const { tags } = subject;
  const tagsFit = tags && hasAllTags(tags, rule.tags ?? {});
  return [
    textAnswer("name", rule.cluster, subject.name),
    textAnswer("account", rule.account, subject.account),
    textAnswer("Region", rule.region, subject.region),
    { what: "tags", asked: Object.keys(rule.tags ?? {}).length > 0, fits: tagsFit },
    textAnswer("Kubernetes version", rule.kubernetesVersion, subject.kubernetesVersion),
  ];
}

function textAnswer(what: string, pattern: string | undefined, text: string | undefined): Answer {
  const asked = pattern !== undefined;
  return { what, asked, fits: asked && text !== undefined ? matchesGlob(pattern, text) : undefined };
}
