import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;

/**
 * Asks again and again until the answer is neither false nor undefined, and gives that answer.
 * A question that rejects is asked again. Rejects after `timeoutMs`, with what the question rejected with last.
 */
export async function until<T>(ask: () => Promise<T | false | undefined>, timeoutMs = 20_000): Promise<T> {
  const deadlineAt = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadlineAt) throw new Error(`still not so after ${timeoutMs} ms`, { cause: last });
    await sleep(POLL_MS);
  }
}
