import type { EC2Client, Instance } from "@aws-sdk/client-ec2";
import type { Capacity, InstanceState } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import { readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";

/** Small enough for any request; a cluster rarely has a handful of silent nodes. */
const IDS_PER_CALL = 100;
const STATES: readonly string[] = [
  "pending",
  "running",
  "stopping",
  "stopped",
  "shutting-down",
  "terminated",
] satisfies readonly InstanceState[];

/**
 * Reads what EC2 says of instances. By ids and not by a filter: a filter leaves out what it does not find, and absence
 * is no proof; EC2's InvalidInstanceID.NotFound, which names the ids that it does not know, is (safe-cycle 54).
 */
export function createInstanceStates({ ec2 }: AwsClients, ask: AskAws): Capacity["instanceStates"] {
  return async (ids) => {
    const states = new Map<string, InstanceState>();
    if (ids.length === 0) return states;
    const client = await ec2();
    for (let from = 0; from < ids.length; from += IDS_PER_CALL) {
      const asked = ids.slice(from, from + IDS_PER_CALL);
      for (const [id, state] of await ask("ec2:DescribeInstances", () => readStates(client, asked)))
        states.set(id, state);
    }
    return states;
  };
}

/** One unknown id makes EC2 refuse the whole request, so it is asked again without those that it named. */
async function readStates(client: EC2Client, asked: readonly string[]): Promise<ReadonlyMap<string, InstanceState>> {
  const states = new Map<string, InstanceState>();
  let left = asked;
  while (left.length > 0) {
    const answer = await describe(client, left);
    if (answer.kind === "described") {
      for (const { InstanceId = "", State } of answer.instances) states.set(InstanceId, stateNamed(State?.Name));
      break;
    }
    for (const id of answer.ids) states.set(id, "terminated");
    left = left.filter((id) => !states.has(id));
  }
  const unanswered = asked.filter((id) => !states.has(id));
  if (unanswered.length > 0) throw new Error(`EC2 said nothing of ${unanswered.join(", ")}`);
  return states;
}

type Described =
  | { readonly kind: "described"; readonly instances: readonly Instance[] }
  | { readonly kind: "not-found"; readonly ids: readonly string[] };

async function describe(client: EC2Client, ids: readonly string[]): Promise<Described> {
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  try {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [...ids] }));
    return { kind: "described", instances: Reservations.flatMap(({ Instances = [] }) => Instances) };
  } catch (error) {
    const unknown = unknownIds(error, ids);
    if (unknown.length === 0) throw error;
    return { kind: "not-found", ids: unknown };
  }
}

/** The ids that EC2 names as not existing; none for every other error. */
function unknownIds(error: unknown, asked: readonly string[]): readonly string[] {
  const { name, message } = readAwsFault(error);
  if (name !== "InvalidInstanceID.NotFound") return [];
  const named = new Set(message.match(/i-[0-9a-f]+/g));
  return asked.filter((id) => named.has(id));
}

/** A word that this version does not know is no proof of an end. */
function stateNamed(name: string | undefined): InstanceState {
  return STATES.includes(name ?? "") ? (name as InstanceState) : "running";
}
