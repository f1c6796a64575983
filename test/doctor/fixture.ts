import type { MemoryCluster, MemoryClusterSpec } from "../../runtime/adapters/memory/cluster.js";
import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import { settingsSchema, type SettingsInput } from "../../runtime/cycle/index.js";
import { examineCluster, type Check, type CheckName, type Diagnosis } from "../../runtime/doctor/index.js";
import { clusterId, type Ports } from "../../runtime/ports/index.js";
import { executeRun, type RunReport, type RunRequest, type RunTarget } from "../../runtime/run/index.js";
import { fakeClock } from "../fakes/fake-clock.js";

const IDENTITY = { account: "111111111111", region: "eu-west-1", name: "pay" } as const;

/** One simulated cluster whose pods may all leave, and the doctor. */
export interface DoctorFixture {
  readonly cluster: MemoryCluster;
  readonly ports: Ports;
  /** How many changing calls reached the cluster. */
  readonly changes: () => number;
  readonly examine: (settings?: SettingsInput, target?: Partial<RunTarget>) => Promise<Diagnosis>;
  /** One check of an examination. */
  readonly check: (name: CheckName, settings?: SettingsInput) => Promise<Check>;
  readonly run: (desired: RunRequest["desired"], settings?: SettingsInput) => Promise<RunReport>;
}

/** Builds the fixture: a managed group of three nodes and a self-managed one of two, with one Deployment. */
export function doctorFixture(spec: Partial<MemoryClusterSpec> = {}): DoctorFixture {
  const clock = fakeClock();
  const world = createMemoryWorld({ clock });
  const cluster = world.addCluster({
    identity: IDENTITY,
    groups: [
      { name: "general", size: { min: 1, desired: 3, max: 6 }, launchTemplate: "lt-general:1" },
      { name: "batch", kind: "self-managed", size: { min: 0, desired: 2, max: 4 } },
    ],
    ...spec,
  });
  cluster.addDeployment({ name: "web", replicas: 4, graceSeconds: 30 });
  let ids = 0;
  const ports: Ports = {
    clock,
    store: createMemoryStore(),
    connector: world.connector(),
    progress: { emit: () => undefined },
    random: { next: () => 0.5, id: () => `id-${String((ids += 1))}` },
  };
  const target = (settings: SettingsInput = {}, others: Partial<RunTarget> = {}): RunTarget => ({
    id: clusterId(IDENTITY),
    identity: IDENTITY,
    access: {},
    settings: settingsSchema.parse(settings),
    exclusion: null,
    exclusionsByTag: [],
    ...others,
  });
  const examine: DoctorFixture["examine"] = (settings, others) => examineCluster(target(settings, others), ports);
  return {
    cluster,
    ports,
    changes: () => world.mutations().length,
    examine,
    async check(name, settings) {
      const { checks } = await examine(settings);
      const found = checks.find(({ check }) => check === name);
      if (found === undefined) throw new Error(`no check ${name}`);
      return found;
    },
    run: (desired, settings) =>
      executeRun(
        { cluster: target(settings), desired, origin: "person", reason: "a test asks", operationId: "op-1" },
        ports,
        { yieldAt: null, signal: new AbortController().signal },
      ),
  };
}

/** `status what` of every finding, for assertions that read like the answer. */
export function told({ findings }: Check): readonly string[] {
  return findings.map(({ status, what }) => `${status}: ${what}`);
}
