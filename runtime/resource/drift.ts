import { isAtZero } from "../cycle/index.js";
import { readStatus, reachedWord, type ClusterStatus } from "../fleet/index.js";
import { failureInfo, type FailureInfo, type NodeGroup, type Ports } from "../ports/index.js";
import { failureLine } from "./failures.js";
import type { ResourceHost } from "./host.js";
import { parseInputs, type Declared, type Properties } from "./inputs.js";
import { toOutputs, type ObservedState } from "./outputs.js";

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
  const declared = parseInputs(properties);
  if (!declared.ok) {
    host.write(`${id}: refresh: its stored declaration is not understood; the next \`pulumi up\` writes it anew.`);
    return { id, props: properties };
  }
  try {
    return await look(id, declared.value, host);
  } catch (error) {
    return unseen(id, properties, failureInfo(error), host);
  }
}

async function look(id: string, { spec, inputs }: Declared, host: ResourceHost): Promise<ReadResult> {
  const ports = host.portsFor(inputs.statePath);
  const groups = await host.limit()(() => observeGroups(spec, ports));
  const status = await readStatus(spec, ports);
  const observed = observedState(groups, status);
  for (const line of driftLines(inputs.cluster, observed, status)) host.write(line);
  return { id, props: { ...toOutputs(inputs, status, observed) } };
}

async function observeGroups(
  { identity, access }: Declared["spec"],
  { connector }: Pick<Ports, "connector">,
): Promise<readonly NodeGroup[]> {
  const capacity = connector.capacity(identity, access);
  // Says that the cluster is gone; a list of groups alone might just be empty.
  await capacity.describeCluster();
  return capacity.listGroups();
}

/** What the sizes say. They say nothing when there are no groups, or while a run is between two states. */
function observedState(groups: readonly NodeGroup[], { reached }: ClusterStatus): ObservedState {
  if (groups.length === 0 || (reached !== null && reached.state === null)) return reachedWord(reached);
  return groups.every((group) => isAtZero(group.size)) ? "hibernated" : "running";
}

function driftLines(cluster: string, observed: ObservedState, { reached }: ClusterStatus): readonly string[] {
  if (reached === null || reached.state === null || reached.state === observed) return [];
  const left = `Curfew left it ${reached.state} at ${new Date(reached.finishedAt).toISOString()}`;
  return [`${cluster}: drift: it is ${observed}, but ${left}.`];
}

function unseen(id: string, properties: Properties, failure: FailureInfo, host: ResourceHost): ReadResult {
  if (failure.code === "cluster-not-found") {
    host.write(`${id}: refresh: the cluster no longer exists.`);
    return { id: "", props: {} };
  }
  host.write(`${id}: refresh: not looked at, the old values stay. ${failureLine(failure)}`);
  return { id, props: properties };
}
