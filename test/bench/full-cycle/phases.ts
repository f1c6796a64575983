import type { Settings } from "../../../runtime/cycle/index.js";
import type { RunReport, StepReport } from "../../../runtime/run/index.js";
import type { LoggedCall } from "../../lab/index.js";

/** One part of a run. Every wait that is not Curfew's own is named with what it took. */
export interface Phase {
  readonly step: string;
  readonly wallMs: number;
  readonly subtractedMs: number;
  /** Why that much was taken off; null when nothing was. */
  readonly why: string | null;
  /** Requests at AWS and at the API server. */
  readonly calls: { readonly aws: number; readonly kubernetes: number };
  /** The most frequent requests at the API server. */
  readonly mostly: string;
  readonly detail?: string;
}

/** A part of a run before what is not ours is taken off; epoch milliseconds. */
interface Span {
  readonly step: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly detail?: string | undefined;
}

/** A wait that the contract declares, and how much of it there was. */
interface Declared {
  readonly ms: number;
  readonly why: string;
}

/** What happened during a run, by time. */
export interface Witness {
  /** Curfew's requests at the API server. */
  readonly kubernetes: readonly LoggedCall[];
  /** How many requests at AWS there were in each span, by its name. */
  readonly aws: ReadonlyMap<string, number>;
}

/** What is done before the first step, and after the last. */
export const BEFORE = "observe, decide, survey, save, plan";
export const AFTER = "retire and report";

/** The contract's constants (safe-cycle 21, W14), as numbers of this benchmark's own. */
const SETTLING_MS = 5_000;
const SERVING_MS = 10_000;

/** Every step of a run in turn, with what lies before, between and after them as phases of their own. */
export function phasesOf(report: RunReport, settings: Settings, witness: Witness): readonly Phase[] {
  return spansOf(report).map((span) => {
    const during = (at: number) => at >= span.startedAt && at < span.finishedAt;
    const kubernetes = witness.kubernetes.filter(({ at }) => during(at));
    const declared = declaredWait(span, settings, kubernetes);
    return {
      step: span.step,
      wallMs: span.finishedAt - span.startedAt,
      subtractedMs: declared?.ms ?? 0,
      why: declared?.why ?? null,
      calls: { aws: witness.aws.get(span.step) ?? 0, kubernetes: kubernetes.length },
      mostly: mostFrequent(kubernetes),
      ...(span.detail === undefined ? {} : { detail: span.detail }),
    };
  });
}

const SHOWN = 3;

/** `4 list nodes, 2 list pods` */
function mostFrequent(calls: readonly LoggedCall[]): string {
  const kinds = Map.groupBy(calls, ({ verb, resource }) => `${verb} ${resource}`);
  const counts = [...kinds].map(([kind, { length }]) => ({ kind, count: length })).sort((a, b) => b.count - a.count);
  return counts
    .slice(0, SHOWN)
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(", ");
}

/** Wall time without what was taken off. */
export function ownMs(phases: readonly Phase[]): number {
  return phases.reduce((sum, { wallMs, subtractedMs }) => sum + wallMs - subtractedMs, 0);
}

/** What lies between two steps is counted to the later one. */
function spansOf({ steps, startedAt, finishedAt }: RunReport): readonly Span[] {
  const done = steps.filter(isDone);
  const first = done[0]?.startedAt ?? finishedAt;
  const ends = [first, ...done.map((step) => step.finishedAt)];
  return [
    { step: BEFORE, startedAt, finishedAt: first },
    ...done.map(({ id, detail, finishedAt: end }, index) => ({
      step: id,
      startedAt: ends[index] ?? end,
      finishedAt: end,
      detail,
    })),
    { step: AFTER, startedAt: ends.at(-1) ?? finishedAt, finishedAt },
  ];
}

function isDone(step: StepReport): step is StepReport & { readonly startedAt: number; readonly finishedAt: number } {
  return step.startedAt !== null && step.finishedAt !== null;
}

function declaredWait(span: Span, settings: Settings, calls: readonly LoggedCall[]): Declared | null {
  if (span.step === "drain" || span.step === "remove-node-claims") return settling(span, calls);
  const wallMs = span.finishedAt - span.startedAt;
  if (span.step === "await-nodes") {
    const ms = Math.min(settings.nodesStableSeconds * 1000, wallMs);
    return { ms, why: "nodes must stay usable so long (settings.nodesStableSeconds, safe-cycle W9)" };
  }
  const hasReturned = span.step.startsWith("restore-webhooks") && !span.detail?.startsWith("0 ");
  return hasReturned
    ? { ms: Math.min(SERVING_MS, wallMs), why: "a webhook's backend must have served for 10 s (safe-cycle W14)" }
    : null;
}

/**
 * The part of the 5 s after the last cordon in which nothing else was left to do: from the last eviction on. Before that the
 * settling time cost nothing.
 */
function settling({ startedAt, finishedAt }: Span, calls: readonly LoggedCall[]): Declared | null {
  const cordonedAt = lastAt(calls, "patch", "nodes");
  if (cordonedAt === null) return null;
  const evictedAt = lastAt(calls, "create", "pods/eviction") ?? startedAt;
  const ms = Math.min(finishedAt, cordonedAt + SETTLING_MS) - Math.max(evictedAt, cordonedAt);
  if (ms <= 0) return null;
  return {
    ms,
    why: "a node counts as empty 5 s after its cordon (safe-cycle 21); as much of it as followed the last eviction",
  };
}

function lastAt(calls: readonly LoggedCall[], verb: string, resource: string): number | null {
  const instants = calls.filter((call) => call.verb === verb && call.resource === resource).map(({ at }) => at);
  return instants.length === 0 ? null : Math.max(...instants);
}
