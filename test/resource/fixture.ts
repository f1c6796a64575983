import pLimit from "p-limit";

import { createMemoryDatabase, createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { createMemoryWorld, type MemoryWorld } from "../../runtime/adapters/memory/world.js";
import { parseFleet, serialiseCluster } from "../../runtime/config/index.js";
import type { Ports, StateStore } from "../../runtime/ports/index.js";
import type { ClusterScheduleInputs } from "../../runtime/resource/index.js";
import { createConsoleProgress } from "../../runtime/resource/console-progress.js";
import { createLifecycle, type Lifecycle } from "../../runtime/resource/lifecycle.js";
import { fakeClock } from "../fakes/fake-clock.js";

export const PAY = { account: "111111111111", region: "eu-west-1", name: "pay" } as const;
export const PAY_ID = "111111111111/eu-west-1/pay";

/** One process of the provider over a simulated cluster of three nodes, in virtual time. */
export interface ResourceFixture {
  readonly lifecycle: Lifecycle;
  readonly store: StateStore;
  readonly world: MemoryWorld;
  readonly cluster: MemoryCluster;
  readonly ports: Ports;
  /** What the person at the terminal has read. */
  readonly lines: readonly string[];
  readonly sizes: () => Promise<readonly number[]>;
  /** Another process on the same store and clusters, with its own lease owner. */
  readonly secondProcess: (changes?: {
    readonly store?: StateStore;
    readonly signal?: AbortSignal;
    readonly origin?: "schedule" | "person";
  }) => Lifecycle;
}

/** Builds the fixture. The clock starts on Monday 2026-01-05 at 19:00 UTC. */
export function resourceFixture(): ResourceFixture {
  const clock = fakeClock();
  const world = createMemoryWorld({ clock });
  const cluster = world.addCluster({
    identity: PAY,
    groups: [{ name: "general", size: { min: 1, desired: 3, max: 6 } }],
  });
  const store = createMemoryStore(createMemoryDatabase());
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  let ids = 0;
  const ports: Ports = {
    clock,
    store,
    connector: world.connector(),
    progress: createConsoleProgress(write),
    random: { next: () => 0.5, id: () => `id-${String((ids += 1)).padStart(6, "0")}` },
  };
  let processes = 0;
  const start: ResourceFixture["secondProcess"] = (changes = {}) => {
    const limit = pLimit(10);
    processes += 1;
    return createLifecycle({
      portsFor: () => Promise.resolve({ ...ports, store: changes.store ?? store }),
      limit: () => limit,
      cancellation: { during: (work) => work(changes.signal ?? new AbortController().signal) },
      write,
      operationId: `pulumi-${processes}`,
      origin: changes.origin ?? "schedule",
    });
  };
  return {
    lifecycle: start(),
    store,
    world,
    cluster,
    ports,
    lines,
    secondProcess: start,
    async sizes() {
      const [group] = await cluster.capacity.listGroups();
      return group === undefined ? [] : [group.size.min, group.size.desired, group.size.max];
    },
  };
}

/** Inputs for a cluster as a stack file declares it; `awake` as in a schedule. */
export function inputsFor(
  awake: unknown,
  fields: Readonly<Record<string, unknown>> = {},
  config: Readonly<Record<string, unknown>> = {},
): ClusterScheduleInputs & Readonly<Record<string, unknown>> {
  const raw = {
    schedules: { office: { timezone: "UTC", awake } },
    clusters: [{ ...PAY, schedule: "office", ...fields }],
    ...config,
  };
  const parsed = parseFleet(raw, { files: new Map(), environment: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const [spec] = parsed.value.clusters;
  if (spec === undefined) throw new Error("no cluster was declared");
  const { name, account, region } = spec.identity;
  return {
    cluster: name,
    account,
    region,
    schedule: spec.scheduleName ?? "",
    declaration: serialiseCluster(spec),
    __provider: "provider text",
  };
}
