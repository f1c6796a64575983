import { entriesOf, keysAt, textAt, UNKNOWN, valueAt } from "../value.js";

/** One statement of an IAM policy, its lists made whole. */
export interface Statement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By kind, such as AWS or Service. `*` alone is a principal of kind AWS. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  /** Condition keys that must be there, and the values that each must have. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
  /** Whether it says NotAction, NotResource or NotPrincipal, by which it means everything else. */
  readonly isInverted: boolean;
}

/** The statements of a policy as JSON text or as a structure; none of what is no policy. Never throws. */
export function statementsOf(policy: unknown): readonly Statement[] {
  const document = typeof policy === "string" ? parseJson(policy) : policy;
  const statements = valueAt(document, "Statement");
  return asList(statements).map((raw, index) => ({
    sid: textAt(raw, "Sid") ?? String(index + 1),
    effect: textAt(raw, "Effect") ?? "",
    actions: textsIn(valueAt(raw, "Action")),
    resources: textsIn(valueAt(raw, "Resource")),
    principals: principalsIn(valueAt(raw, "Principal")),
    conditions: conditionsIn(valueAt(raw, "Condition")),
    isInverted: ["NotAction", "NotResource", "NotPrincipal"].some((key) => valueAt(raw, key) !== undefined),
  }));
}

/** Text in CloudFormation's templates may stand inside of `Fn::Sub`, where what is filled in is kept as it is written. */
const textsIn = (value: unknown): readonly string[] =>
  asList(value)
    .map((entry) => (typeof entry === "string" ? entry : valueAt(entry, "Fn::Sub")))
    .filter((entry) => typeof entry === "string");

function principalsIn(value: unknown): Statement["principals"] {
  return typeof value === "string" ? { AWS: [value] } : mapTexts(value);
}

/** `IfExists`, `Null` and what is negated let somebody in who lacks the key, and so bind nobody. */
const BINDS_NOBODY = /Not|Null|IfExists|ForAllValues/;

function conditionsIn(value: unknown): Statement["conditions"] {
  const binding = keysAt(value).filter((operator) => !BINDS_NOBODY.test(operator));
  const operators = binding.map((operator) => Object.entries(mapTexts(valueAt(value, operator))));
  return Object.fromEntries(operators.flat());
}

const mapTexts = (value: unknown): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(keysAt(value).map((key) => [key, textsIn(valueAt(value, key))]));

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === UNKNOWN) return [];
  return Array.isArray(value) ? entriesOf(value) : [value];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
