import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine would have been told of it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly isCustom: boolean;
}

export const ACCOUNT = "999999999999";

/**
 * What a program registers, in a stack of its own, with nothing behind it. Waits for everything and lets go of Pulumi's
 * process-wide state, so that one test does not see another's. Resources are in the order in which they were made; one is
 * there once `made` of its type resolves.
 */
export async function recordStack(
  stack: string,
  program: () => unknown,
  made: (type: string) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: async ({ type, name, inputs, custom }) => {
        await made(type);
        registered.push({ type, name, inputs: inputs as Registered["inputs"], isCustom: custom === true });
        return { id: `${name}-id`, state: { ...(inputs as object), ...outputsOf(type, name) } };
      },
      call: () => ({}),
    },
    "curfew",
    stack,
  );
  try {
    program();
  } finally {
    await pulumi.runtime.disconnect();
  }
  return registered;
}

/** The custom resources of a type, e.g. `aws:sqs/queue:Queue`. */
export const ofType = (registered: readonly Registered[], type: string): readonly Registered[] =>
  registered.filter((resource) => resource.type === type);

/** The one resource of that type and name. */
export function theOne(registered: readonly Registered[], type: string, name: string): Registered["inputs"] {
  const found = ofType(registered, type).filter((resource) => resource.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${name}`);
  return only.inputs;
}

/** ARN of a resource, with its physical name, as AWS would have given it: near enough to tell one from the other. */
export const arnOf = (service: string, name: string): string => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${name}`;

function outputsOf(type: string, name: string): Readonly<Record<string, string>> {
  const service = type.split(":")[1]?.split("/")[0] ?? "";
  const kind = type.split(":")[2] ?? "";
  const path = PATHS[kind] ?? "";
  return {
    arn: arnOf(service, `${path}${name}`),
    ...(kind === "Queue" && { url: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/${name}` }),
    ...(kind === "StackSet" && { stackSetId: `${name}:1` }),
    ...(kind === "AccessEntry" && { accessEntryArn: arnOf(service, name) }),
  };
}

const PATHS: Readonly<Record<string, string>> = {
  Table: "table/",
  Function: "function:",
  Role: "role/",
  ScheduleGroup: "schedule-group/",
  EventBus: "event-bus/",
};
