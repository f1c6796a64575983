import { setTimeout as sleep } from "node:timers/promises";

import type { HubLab } from "../hub/hub-lab.js";
import { say } from "./narrate.js";

const PAUSE_MS = 500;

/** Tells what the hub's workers log, each line once. */
export interface WorkerFollower {
  /** Tells what they log until `work` ends, and what they had logged before and was not told yet. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** One line of a worker's log, as far as the demo tells it. */
interface WorkerLine {
  readonly time: string;
  readonly message: string;
  readonly cluster?: string;
}

export function followWorkers({ logs }: Pick<HubLab, "logs">, functionNames: readonly string[]): WorkerFollower {
  const told = new Map<string, number>();

  async function tellNew(): Promise<void> {
    const fresh: WorkerLine[] = [];
    for (const name of functionNames) {
      // Its log group has nothing before its first message.
      const lines = (await logs(name).catch(() => [])).filter((line) => line.startsWith('{"time"'));
      fresh.push(...lines.slice(told.get(name) ?? 0).map((line) => JSON.parse(line) as WorkerLine));
      told.set(name, lines.length);
    }
    fresh.sort((a, b) => a.time.localeCompare(b.time));
    for (const { cluster = "", message } of fresh) say(`  ${nameOf(cluster)}: ${withoutId(message, cluster)}`);
  }

  return {
    async during(work) {
      const over = new AbortController();
      const end = (): void => over.abort();
      work.then(end, end);
      while (!over.signal.aborted) {
        await tellNew();
        await sleep(PAUSE_MS);
      }
      await tellNew();
      return work;
    },
  };
}

const nameOf = (clusterId: string): string => clusterId.split("/").at(-1) ?? clusterId;

const withoutId = (message: string, clusterId: string): string => message.replace(`${clusterId}: `, "");
