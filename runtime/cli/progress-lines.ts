import type { Progress, RunEvent } from "../ports/index.js";

/** Shortest time between two lines about how one cluster's step is doing; a drain would flood the terminal. */
const PACE_MS = 2_000;

/** Progress as one line per event, with the cluster in front. `label` names a cluster by its id. */
export function createProgressLines(label: (id: string) => string, tell: (line: string) => void): Progress {
  const toldAt = new Map<string, number>();

  function isTooSoon({ kind, clusterId, at }: RunEvent): boolean {
    if (kind !== "step-progress") return false;
    if (at - (toldAt.get(clusterId) ?? -Infinity) < PACE_MS) return true;
    toldAt.set(clusterId, at);
    return false;
  }

  return {
    emit(event) {
      if (!isTooSoon(event)) tell(lineOf(event, label(event.clusterId)));
    },
  };
}

function lineOf({ clusterId, kind, message }: RunEvent, label: string): string {
  const text = message.replace(`${clusterId}: `, "").replaceAll(/\s+/g, " ");
  return `${label}: ${kind === "warning" ? "warning: " : ""}${text}`;
}
