import { z } from "zod";

import type { AwsAccount } from "./account.js";

/** Properties as they come from and go to the engine. */
export type Properties = Readonly<Record<string, unknown>>;

/** One resource type as the engine needs it. */
export interface ResourceType {
  /** As in a URN, such as `aws:sqs/queue:Queue`. */
  readonly token: string;
  /** The input that is made up from the resource's own name when the program leaves it out. */
  readonly nameInput?: string;
  /** Inputs that cannot be changed in place. */
  readonly replaceOn: readonly string[];
  /** What is wrong with the inputs, in words. Refuses every input that this stand-in does not apply. */
  check(inputs: Properties): readonly InputProblem[];
  create(inputs: Properties, aws: AwsAccount): Promise<Created>;
  /** The outputs; undefined when it is gone. Tells whether it is there, not whether somebody changed it. */
  read(id: string, state: Properties, aws: AwsAccount): Promise<Properties | undefined>;
  /** Gives the outputs after the change. */
  update(id: string, inputs: Properties, aws: AwsAccount): Promise<Properties>;
  /** Calling twice is safe. */
  remove(id: string, state: Properties, aws: AwsAccount): Promise<void>;
}

export interface InputProblem {
  /** Path of the input, dotted. */
  readonly property: string;
  readonly reason: string;
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

/** What a file of `resources/` says of its type. `Shape` is that of its inputs. */
export interface ResourceDefinition<Shape extends z.ZodRawShape> {
  readonly token: string;
  readonly nameInput?: keyof Shape & string;
  readonly replaceOn: readonly (keyof Shape & string)[];
  readonly inputs: z.ZodObject<Shape>;
  create(inputs: z.output<z.ZodObject<Shape>>, aws: AwsAccount): Promise<Created>;
  /** Rejects, or gives undefined, when it is not there. */
  read(id: string, aws: AwsAccount): Promise<Properties | undefined>;
  /** Left out when every input is in `replaceOn`. */
  update?(id: string, inputs: z.output<z.ZodObject<Shape>>, aws: AwsAccount): Promise<Properties | undefined>;
  remove(id: string, aws: AwsAccount): Promise<unknown>;
}

/** Every resource of the provider may say its Region and carry tags. */
export const COMMON_INPUTS = {
  region: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
} as const;

/** Makes the engine's view of a definition: inputs are parsed once more before each use, so that they are typed. */
export function defineResource<Shape extends z.ZodRawShape>(definition: ResourceDefinition<Shape>): ResourceType {
  const { token, nameInput, replaceOn, inputs: schema } = definition;
  return {
    token,
    ...(nameInput === undefined ? {} : { nameInput }),
    replaceOn: [...replaceOn, "region"],
    check: (inputs) => (schema.safeParse(inputs).error?.issues ?? []).map(problemOf),
    create: (inputs, aws) => definition.create(schema.parse(inputs), aws),
    read: (id, _state, aws) => definition.read(id, aws).catch(absentWhenNotFound),
    async update(id, inputs, aws) {
      return (await definition.update?.(id, schema.parse(inputs), aws)) ?? (await definition.read(id, aws)) ?? {};
    },
    async remove(id, _state, aws) {
      await definition.remove(id, aws).catch(absentWhenNotFound);
    },
  };
}

const problemOf = ({ path, message, code, ...issue }: z.core.$ZodIssue): InputProblem => ({
  property: path.join("."),
  reason:
    code === "unrecognized_keys" && "keys" in issue
      ? `The lab's stand-in for the AWS provider does not apply ${(issue.keys as readonly string[]).join(", ")}.`
      : message,
});

/** Every service has a name of its own for it: ResourceNotFoundException, NoSuchEntity, QueueDoesNotExist … */
function absentWhenNotFound(error: unknown): undefined {
  const { name = "" } = error as { readonly name?: string };
  if (/NotFound|NoSuchEntity|DoesNotExist|NonExistentQueue/.test(name)) return undefined;
  throw error;
}
