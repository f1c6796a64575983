import { Failure, type DeadLetters } from "../../ports/index.js";

/** Dead-letter queues in memory, of which only the number of messages is known. */
export interface MemoryDeadLetters extends DeadLetters {
  /** Ends a move that was begun: what lay in the queue is gone. */
  finishMove(queue: string): void;
}

/** Queues by URL or name, with what lies in each. */
export function createMemoryDeadLetters(queues: Readonly<Record<string, number>>): MemoryDeadLetters {
  const counts = new Map(Object.entries(queues));
  const moving = new Set<string>();

  function countOf(queue: string): number {
    const count = counts.get(queue);
    if (count !== undefined) return count;
    throw new Failure({
      code: "config-invalid",
      message: `There is no queue ${queue}.`,
      remedy: "Name one that there is.",
    });
  }

  return {
    count: (queue) => new Promise((resolve) => resolve(countOf(queue))),
    redrive: (queue) =>
      new Promise((resolve) => {
        countOf(queue);
        resolve(moving.has(queue) ? "under-way" : "started");
        moving.add(queue);
      }),
    finishMove(queue) {
      moving.delete(queue);
      counts.set(queue, 0);
    },
  };
}
