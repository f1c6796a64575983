import type { Progress, RunEvent } from "../ports/index.js";
import { parseClusterId } from "../ports/index.js";
import { shortSummary } from "./outputs.js";

/** Shortest time between two lines about how one cluster's step is doing. */
const PACE_MS = 2_000;

interface Told {
  /** The run's first event, kept back until something happens. */
  opening: RunEvent | undefined;
  lastProgressAt: number;
}

/**
 * Progress as lines `<cluster>: <step>: <message>`, which Pulumi shows while `up` works. A run that finds nothing to
 * do says nothing, so that a thousand clusters at rest stay quiet; a busy drain speaks every two seconds at most.
 */
export function createConsoleProgress(write: (line: string) => void): Progress {
  const clusters = new Map<string, Told>();

  function tell(event: RunEvent): void {
    write(lineOf(event));
  }

  function open(event: RunEvent): Told {
    const told = clusters.get(event.clusterId) ?? { opening: undefined, lastProgressAt: -Infinity };
    clusters.set(event.clusterId, told);
    if (told.opening) tell(told.opening);
    told.opening = undefined;
    return told;
  }

  return {
    emit(event) {
      if (event.kind === "run-started") {
        clusters.set(event.clusterId, { opening: event, lastProgressAt: -Infinity });
        return;
      }
      if (event.kind === "run-finished") {
        if (clusters.get(event.clusterId)?.opening === undefined) tell(event);
        clusters.delete(event.clusterId);
        return;
      }
      const told = open(event);
      if (event.kind === "step-progress") {
        if (event.at - told.lastProgressAt < PACE_MS) return;
        told.lastProgressAt = event.at;
      }
      tell(event);
    },
  };
}

/** One line of constant shape, whatever is in the message. */
export function lineOf({ clusterId, step, kind, message }: RunEvent): string {
  const name = parseClusterId(clusterId)?.name ?? clusterId;
  const topic = kind === "warning" ? "warning" : (step ?? "run");
  return `${name}: ${topic}: ${shortSummary(message, clusterId).replaceAll(/\s+/g, " ")}`;
}
