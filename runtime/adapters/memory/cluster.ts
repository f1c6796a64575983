import type { Capacity, Clock, ClusterFacts, ClusterIdentity, InstanceState, Kubernetes } from "../../ports/index.js";
import { clusterId } from "../../ports/index.js";
import { createAgenda } from "./agenda.js";
import { createAutoModeSide } from "./auto-mode.js";
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
import { createObjectBook } from "./object-book.js";
import type { ObjectControls } from "./object-controls.js";
import { createObjectControls } from "./object-controls.js";
import { createObjectRules } from "./object-rules.js";
import { createMemoryObjects } from "./objects.js";
import type { ProspectControls } from "./prospects.js";
import { createMemoryProspects } from "./prospects.js";
import type { PolicyControls } from "./policy-controls.js";
import { createPolicyControls } from "./policy-controls.js";
import { createReactions } from "./reactions.js";
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
  /** Objects of any type, as everybody else puts and changes them. */
  readonly objects: ObjectControls;
  /** What IAM, subnets, launch templates and add-ons look like ahead of a change. */
  readonly prospects: ProspectControls;
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
  const strays = new Map<string, InstanceState>();
  const setFacts = (news: Partial<ClusterFacts>) => void (described = { ...described, ...news });
  const autoMode = createAutoModeSide(simulation, { facts: () => described, setFacts, updateMs: timings.updateMs });
  const groupParts = { groups, strays, names, timings, region: identity.region };
  const rules = createObjectRules();
  const reactions = createReactions();
  const book = createObjectBook(simulation, reactions.tell);
  const objects = createMemoryObjects(calls, book, rules);
  const groupControls = createGroupControls(simulation, groupParts, change);
  for (const spec of specs) groupControls.addGroup(spec);
  const { prospects, controls } = createMemoryProspects(groups, calls);
  return {
    id,
    capacity: createMemoryCapacity(simulation, calls, { groups, strays, facts: () => described, autoMode, prospects }),
    kubernetes: createMemoryKubernetes(simulation, calls, { faults, objects, book }),
    faults,
    objects: createObjectControls({ book, rules, reactions, change }),
    prospects: controls,
    ...createWorkloadControls(simulation, change),
    ...createPolicyControls(simulation, change),
    ...groupControls,
    setFacts,
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
    autoMode: null,
    tags: {},
    ...facts,
  };
}
