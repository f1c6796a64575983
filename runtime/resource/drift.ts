import { isEmpty } from "../cycle/index.js";
import type { ScheduledCluster } from "../config/index.js";
import { readStatus, reachedWord, type ClusterStatus } from "../fleet/index.js";
import { Failure, failureInfo, type FailureInfo, type NodeGroup, type Ports } from "../ports/index.js";
import { failureLine } from "./failures.js";
import type { ResourceHost } from "./host.js";
import type { Properties } from "./inputs.js";
import { toOutputs, withObserved, type ObservedState } from "./outputs.js";
import { registeredCluster, statePathOf } from "./registered.js";

/** Pulumi's result of a read; an empty id means that the cluster is gone. */
export interface ReadResult {
  readonly id: string;
  readonly props: Properties;
}

/**
 * Looks at the real cluster once (its facts and the sizes of its groups) and compares with what Curfew remembers.
 * Changes nothing. When the look is refused, e.g. without credentials, the old properties stay and a line says why:
 * "not seen" is not "gone".
 */
export async function readCluster(id: string, properties: Properties, host: ResourceHost): Promise<ReadResult> {
  try {
    return await look(id, properties, host);
  } catch (error) {
    return unseen(id, properties, failureInfo(error), host);
  }
}

async function look(id: string, properties: Properties, host: ResourceHost): Promise<ReadResult> {
  const statePath = statePathOf(properties);
  const ports = await host.portsFor(statePath);
  const spec = await registeredCluster(id, ports.store);
  if (spec === undefined) throw notRegistered(id);
  const groups = await host.limit()(() => observeGroups(spec, ports));
  const status = await readStatus(spec, ports);
  const observed = observedState(groups, status);
  tellDrift(spec, observed, status, host);
  return { id, props: { ...withObserved(toOutputs(status, statePath), observed) } };
}

async function observeGroups(
  { identity, access }: ScheduledCluster,
  { connector }: Pick<Ports, "connector">,
): Promise<readonly NodeGroup[]> {
  const capacity = await connector.capacity(identity, access);
  // Says whether the cluster is gone; a list of groups alone might just be empty.
  await capacity.describeCluster();
  return capacity.listGroups();
}

/** What sizes and instances say: somebody may have given an Auto Scaling group nodes behind EKS's back. They say nothing when there are no groups, or while a run is between two states. */
function observedState(groups: readonly NodeGroup[], { reached }: ClusterStatus): ObservedState {
  if (groups.length === 0 || (reached !== null && reached.state === null)) return reachedWord(reached);
  return isEmpty({ groups, instances: groups.flatMap(({ observed }) => observed ?? []) }) ? "hibernated" : "running";
}

function tellDrift(
  { identity }: ScheduledCluster,
  observed: ObservedState,
  { reached }: ClusterStatus,
  host: ResourceHost,
): void {
  if (!reached?.state || reached.state === observed) return;
  const leftAt = new Date(reached.finishedAt).toISOString();
  host.write(`${identity.name}: drift: it is ${observed}, but Curfew left it ${reached.state} at ${leftAt}.`);
}

function unseen(id: string, properties: Properties, failure: FailureInfo, host: ResourceHost): ReadResult {
  if (failure.code === "cluster-not-found") {
    host.write(`${id}: refresh: the cluster no longer exists.`);
    return { id: "", props: {} };
  }
  host.write(`${id}: refresh: not looked at, the old values stay. ${failureLine(failure)}`);
  return { id, props: properties };
}

function notRegistered(id: string): Failure {
  return new Failure({
    code: "cluster-unknown",
    message: `The state store does not know ${id}.`,
    remedy: "Run `pulumi up`, which registers it, or name the right state file in curfew:state.",
  });
}
