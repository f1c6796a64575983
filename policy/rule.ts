import type {
  EnforcementLevel,
  Policy,
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import * as z from "zod";

/** Where every rule is explained. */
const GUIDE = "README.md#guard-rails";

/** What every rule says of itself. */
interface RuleHead<S extends z.ZodObject> {
  /** The key of its policy config. */
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly says: string;
  /** How a person gets past it, in one sentence. */
  readonly whatToDo: string;
  /** Its policy config; everything has a default. */
  readonly config: S;
}

/** A rule that looks at one resource at a time, before anything happens to it. */
interface ResourceRule<S extends z.ZodObject> extends RuleHead<S> {
  /** The resources that it looks at, by type. */
  readonly types: readonly string[];
  /** What is wrong with a resource, a sentence without its end for each. */
  readonly check: (resource: ResourceValidationArgs, config: z.output<S>) => Iterable<string>;
}

/** A rule that needs the whole stack. The engine asks it last. */
interface StackRule<S extends z.ZodObject> extends RuleHead<S> {
  /** Only stacks that hold such a resource are looked at, which spares the others the price. */
  readonly onlyWith?: string;
  readonly check: (
    resources: readonly PolicyResource[],
    config: z.output<S>,
  ) => Iterable<Finding> | Promise<Iterable<Finding>>;
}

/** Something wrong in a stack. */
export interface Finding {
  readonly problem: string;
  /** The resource that it is about; the whole stack without one. */
  readonly urn?: string;
}

/** A rule as the SDK takes it; the registry gives it its level. */
export type Unranked<P extends Policy> = Omit<P, "enforcementLevel">;

/** Makes a policy of a rule about single resources. */
export function resourceRule<S extends z.ZodObject>(rule: ResourceRule<S>): Unranked<ResourceValidationPolicy> {
  const { types, check } = rule;
  const configOf = configReader(rule);
  const validate: ResourceValidation = (resource, report) => {
    if (!types.includes(resource.type)) return;
    for (const problem of check(resource, configOf(resource.getConfig()))) report(sentence(rule, problem));
  };
  // The SDK spares resources of other types the reading if the function says the one that it wants.
  const [only, ...others] = types;
  return { ...headOf(rule), validateResource: others.length > 0 ? validate : marked(validate, only) };
}

/** Makes a policy of a rule about the whole stack. */
export function stackRule<S extends z.ZodObject>(rule: StackRule<S>): Unranked<StackValidationPolicy> {
  const configOf = configReader(rule);
  const validate: StackValidation = async (stack, report) => {
    for (const { problem, urn } of await rule.check(stack.resources, configOf(stack.getConfig())))
      report(sentence(rule, problem), urn);
  };
  return { ...headOf(rule), validateStack: marked(validate, rule.onlyWith) };
}

/** The rule at its level. */
export const ranked = <P extends Policy>(enforcementLevel: EnforcementLevel, rule: Unranked<P>): P =>
  ({ ...rule, enforcementLevel }) as P;

/** Reads a rule's policy config, with its defaults. Throws when it is wrong, upon which the engine stops. */
export function configReader<S extends z.ZodObject>({
  name,
  config,
}: Pick<RuleHead<S>, "name" | "config">): (raw: object) => z.output<S> {
  let last: { readonly text: string; readonly value: z.output<S> } | undefined;
  return (raw) => {
    // The SDK makes a new object for each resource.
    const text = JSON.stringify(raw);
    if (last?.text !== text) last = { text, value: parseConfig(name, config, raw) };
    return last.value;
  };
}

function parseConfig<S extends z.ZodObject>(name: string, schema: S, raw: object): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Error(`The policy config of ${name} is wrong:\n${z.prettifyError(parsed.error)}`);
}

/** What is wrong, what to do and where to read on. */
const sentence = ({ whatToDo }: { readonly whatToDo: string }, problem: string): string =>
  `${problem}.\n${whatToDo} (${GUIDE})`;

/** What the SDK tells the engine of a rule. */
function headOf<S extends z.ZodObject>({ name, says, whatToDo, config }: RuleHead<S>): Policy {
  return { name, description: says, remediationSteps: whatToDo, url: GUIDE, configSchema: configSchemaOf(config) };
}

/** By this the engine checks policy config before anything runs, and editors may. */
function configSchemaOf(schema: z.ZodObject): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  return { properties: properties as PolicyConfigSchema["properties"] };
}

const marked = <F extends object>(check: F, type: string | undefined): F =>
  type === undefined ? check : Object.assign(check, { __pulumiType: type });
