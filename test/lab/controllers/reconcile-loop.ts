import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 200;

/** A controller that looks again and again; levels, not events: what failed is simply done again. */
export function startReconciling(reconcile: () => Promise<void>): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = (async () => {
    while (!signal.aborted) {
      await reconcile().catch(() => undefined);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  return () => {
    stopping.abort();
    return loop;
  };
}
