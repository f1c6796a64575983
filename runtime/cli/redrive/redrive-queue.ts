import { failureInfo, type DeadLetters, type FailureInfo } from "../../ports/index.js";
import { endingOfFailure, exitCodeOf, type ExitCode } from "../exit-codes.js";

/** What became of one queue of dead letters; as `curfew redrive --json` prints it. */
export type QueueEnd =
  | {
      readonly queue: string;
      /** How many lay there, as far as SQS knows. */
      readonly messages: number;
      /** `left`: only counted. */
      readonly outcome: "empty" | "left" | "started" | "under-way";
    }
  | { readonly queue: string; readonly failure: FailureInfo };

/** Puts what lies in one queue back to work, or only counts it. What goes wrong is said and stays with this queue. */
export async function redriveQueue(queue: string, deadLetters: DeadLetters, isDryRun: boolean): Promise<QueueEnd> {
  try {
    const messages = await deadLetters.count(queue);
    if (messages === 0) return { queue, messages, outcome: "empty" };
    return { queue, messages, outcome: isDryRun ? "left" : await deadLetters.redrive(queue) };
  } catch (error) {
    return { queue, failure: failureInfo(error) };
  }
}

/** In a sentence for a person. */
export function sentenceOf(end: QueueEnd): string {
  const name = end.queue.split("/").at(-1) ?? end.queue;
  if ("failure" in end) return `${name}: [${end.failure.code}] ${end.failure.message} ${end.failure.remedy}`;
  const count = `about ${end.messages} ${end.messages === 1 ? "message" : "messages"}`;
  switch (end.outcome) {
    case "empty":
      return `${name}: nothing lies there.`;
    case "left":
      return `${name}: ${count}.`;
    case "started":
      return `${name}: ${count} on the way back to work.`;
    case "under-way":
      return `${name}: ${count} left, a redrive that was begun before goes on.`;
  }
}

/** What the queues together say. */
export function exitCodeOfQueues(ends: readonly QueueEnd[]): ExitCode {
  return exitCodeOf(ends.map((end) => ("failure" in end ? endingOfFailure(end.failure) : "done")));
}
