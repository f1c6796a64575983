import type { Capacity, Clock, ClusterFacts, ClusterIdentity, Kubernetes } from "../../ports/index.js";
import { clusterId } from "../../ports/index.js";
import { createAgenda } from "./agenda.js";
import type { InstanceNames } from "./auto-scaling.js";
import { runAutoScaling } from "./auto-scaling.js";
import { createCalls } from "./calls.js";
import { createMemoryCapacity } from "./capacity.js";
import type { Simulation } from "./cluster-state.js";
import { emptyState } from "./cluster-state.js";
import { runControlPlane } from "./controllers.js";
import type { FaultControls } from "./faults.js";
import { createFaults } from "./faults.js";
import type { GroupControls, GroupSpec } from "./group-controls.js";
import { createGroupControls } from "./group-controls.js";
import type { GroupState, GroupTimings } from "./group-state.js";
import type { Journal } from "./journal.js";
import { createMemoryKubernetes } from "./kubernetes.js";
import type { PolicyControls } from "./policy-controls.js";
import { createPolicyControls } from "./policy-controls.js";
import type { WorkloadControls } from "./workload-controls.js";
import { createWorkloadControls } from "./workload-controls.js";

/** A cluster as it is before the story begins; what is left out is ordinary. */
export interface MemoryClusterSpec extends Partial<Omit<ClusterFacts, "arn" | "endpoint" | "certificateAuthority">> {
  readonly identity: ClusterIdentity;
  readonly groups?: readonly GroupSpec[];
}

/** One in-memory cluster: the ports that Curfew sees, and the controls of everybody else. */
export interface MemoryCluster extends WorkloadControls, PolicyControls, GroupControls {
  readonly id: string;
  readonly capacity: Capacity;
  readonly kubernetes: Kubernetes;
  readonly faults: FaultControls;
  /** Changes what describeCluster says, e.g. the status or the tags. */
  setFacts(change: Partial<Omit<ClusterFacts, "arn">>): void;
  /** Books something that happens by itself so much later, e.g. somebody's change in the middle of a drain. */
  after(delayMs: number, effect: () => void): void;
}

/** What all clusters of a world share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly names: InstanceNames;
  readonly timings: GroupTimings;
  readonly newUid: () => string;
  readonly newSuffix: () => string;
}

/** Builds a cluster with its groups up and their nodes Ready. */
export function createMemoryCluster(
  { identity, groups: specs = [], ...facts }: MemoryClusterSpec,
  around: Surroundings,
): MemoryCluster {
  const { clock, journal, names, timings } = around;
  const id = clusterId(identity);
  const groups = new Map<string, GroupState>();
  const booked = new Set<string>();
  const agenda = createAgenda(clock, settle);
  const simulation: Simulation = { state: emptyState(), agenda, newUid: around.newUid, newSuffix: around.newSuffix };
  const faults = createFaults();
  let described = ordinaryFacts(identity, facts);

  function settle(): void {
    for (const group of groups.values()) runAutoScaling(simulation, group, names);
    runControlPlane(simulation, booked);
  }

  /** What is due comes first, then the change, then what the controllers make of it, within this instant. */
  function change<T>(effect: () => T): T {
    agenda.catchUp();
    const result = effect();
    settle();
    agenda.catchUp();
    return result;
  }

  const calls = createCalls({ clock, clusterId: id, faults, journal, change });
  const groupControls = createGroupControls(simulation, { groups, names, timings, region: identity.region }, change);
  for (const spec of specs) groupControls.addGroup(spec);
  return {
    id,
    capacity: createMemoryCapacity(simulation, calls, { groups, facts: () => described }),
    kubernetes: createMemoryKubernetes(simulation, calls, faults),
    faults,
    ...createWorkloadControls(simulation, change),
    ...createPolicyControls(simulation, change),
    ...groupControls,
    setFacts: (news) => void (described = { ...described, ...news }),
    after: (delayMs, effect) => change(() => agenda.after(delayMs, effect)),
  };
}

function ordinaryFacts(
  { account, region, name }: ClusterIdentity,
  facts: Omit<MemoryClusterSpec, "identity" | "groups">,
): ClusterFacts {
  return {
    arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
    status: "ACTIVE",
    kubernetesVersion: "1.33",
    endpoint: `https://${name}.${region}.invalid`,
    certificateAuthority: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    authenticationMode: "API",
    hasPublicEndpoint: true,
    tags: {},
    ...facts,
  };
}
