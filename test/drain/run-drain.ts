import {
  drain,
  type DrainHooks,
  type DrainProgress,
  type DrainReport,
  type DrainRequest,
} from "../../runtime/drain/index.js";
import type { Clock, ScalableOwner } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { fakeCluster, type Call, type Script, type World } from "./fake-cluster.js";
import { settings } from "./fixtures.js";
import type { DrainSettings } from "../../runtime/drain/settings.js";

/** What differs from an ordinary drain of all nodes that begins now. */
export interface Given extends Script {
  readonly settings?: Partial<DrainSettings>;
  readonly request?: Partial<DrainRequest>;
  readonly hooks?: Partial<DrainHooks>;
  /** Cancels this long after the beginning. */
  readonly cancelAfterMs?: number;
  readonly yieldAfterMs?: number;
  readonly startedAgoMs?: number;
}

/** What came of it. */
export interface Ran {
  readonly report: DrainReport;
  readonly world: World;
  readonly tookMs: number;
  /** Durable notes and changes, in the order in which they happened. */
  readonly notes: readonly string[];
  readonly progress: readonly DrainProgress[];
  readonly heartbeats: readonly number[];
  /** How often the drain lay down to sleep: a loop that spins does so far too often. */
  readonly naps: number;
}

/** Runs a drain to its end on a fake cluster in virtual time. */
export async function runDrain(given: Given): Promise<Ran> {
  const clock = fakeClock();
  const beganAt = clock.now();
  const { kubernetes, world } = fakeCluster(given, clock);
  const notes: string[] = [];
  const progress: DrainProgress[] = [];
  const heartbeats: number[] = [];
  const hooks: DrainHooks = {
    beforeCordon: (names, excluded) =>
      note(notes, `cordon ${names.join(",")}${excluded.length > 0 ? ` excluded ${excluded.join(",")}` : ""}`),
    beforeScaleOwner: (owner: ScalableOwner) => note(notes, `scale ${owner.name} from ${owner.replicas}`),
    keepAlive: () => {
      heartbeats.push(clock.now() - beganAt);
      return Promise.resolve();
    },
    progress: (snapshot) => void progress.push(snapshot),
    ...given.hooks,
  };
  const request: DrainRequest = {
    settings: settings(given.settings),
    isTarget: () => true,
    cordonedBefore: new Set(),
    cordonedByUs: new Set(),
    startedAt: beganAt - (given.startedAgoMs ?? 0),
    ...given.request,
  };
  const yieldAt = given.yieldAfterMs === undefined ? null : beganAt + given.yieldAfterMs;
  const signal = cancelSignal(clock, given.cancelAfterMs);
  let naps = 0;
  const counting: Clock = {
    now: () => clock.now(),
    sleep: (ms, cut) => {
      naps += 1;
      return clock.sleep(ms, cut);
    },
  };
  const ports = { kubernetes, clock: counting, random: { next: () => 0.5, id: () => "id" } };
  const report = await drain(request, ports, hooks, { yieldAt, signal });
  return { report, world, tookMs: clock.now() - beganAt, notes, progress, heartbeats, naps };
}

function note(notes: string[], text: string): Promise<void> {
  notes.push(text);
  return Promise.resolve();
}

function cancelSignal(clock: Clock, afterMs: number | undefined): AbortSignal {
  const controller = new AbortController();
  if (afterMs !== undefined) void clock.sleep(afterMs).then(() => controller.abort());
  return controller.signal;
}

/** The calls of one kind for a pod, owner or node whose name begins so. */
export function callsTo(world: World, verb: Call["verb"], target = ""): readonly Call[] {
  return world.calls.filter((call) => call.verb === verb && call.target.startsWith(target));
}

/** What became of a pod. */
export function outcomeOf(report: DrainReport, name: string): string | undefined {
  return report.pods.find((pod) => pod.name === name)?.outcome;
}

/** Why a pod did not leave; empty when nothing is said. */
export function reasonOf(report: DrainReport, name: string): string {
  return report.pods.find((pod) => pod.name === name)?.reason ?? "";
}
