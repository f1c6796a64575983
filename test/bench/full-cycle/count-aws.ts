import type { RunEvent } from "../../../runtime/ports/index.js";
import type { LabAws } from "../../lab/lab-aws.js";
import { AFTER, BEFORE } from "./phases.js";

/** Counts requests at AWS from one step's end to the next one's. */
export interface AwsCounter {
  readonly onEvent: (event: RunEvent) => void;
  /** Requests by step, and those before the first and after the last. */
  conclude(): ReadonlyMap<string, number>;
}

/** What the lab's Karpenter asks for, in the account of the cluster as well. */
const OF_KARPENTER = new Set(["RunInstances", "TerminateInstances"]);

/** Starts from 0 now. */
export function countAws(aws: Pick<LabAws, "calls" | "resetCalls">): AwsCounter {
  const counts = new Map<string, number>();
  let counted = 0;
  aws.resetCalls();

  function countFor(step: string): void {
    const ours = aws.calls().filter(({ action }) => !OF_KARPENTER.has(action));
    const total = ours.reduce((sum, { count }) => sum + count, 0);
    counts.set(step, total - counted);
    counted = total;
  }

  return {
    onEvent({ kind, step }) {
      if (kind === "step-started" && counts.size === 0) countFor(BEFORE);
      if (kind === "step-finished" && step !== undefined) countFor(step);
    },
    conclude() {
      countFor(AFTER);
      return counts;
    },
  };
}
