import type { Announcer, Random, Telemetry } from "../../../runtime/ports/index.js";

const SPAN = { traceparent: "", set: () => undefined, event: () => undefined };

/** Nobody listens: a fleet of ten thousand would tell too much to remember. */
export const QUIET_TELEMETRY: Telemetry = {
  span: (_name, _options, work) => work(SPAN),
  count: () => undefined,
  record: () => undefined,
  flush: () => Promise.resolve(),
};

export const QUIET_ANNOUNCER: Announcer = { announce: () => Promise.resolve() };

/** Chance that is the same in every run. */
export function seededRandom(seed: number): Random {
  let state = (seed % 2_147_483_646) + 1;
  let ids = 0;
  return {
    next: () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647,
    id: () => `${seed}-${(ids += 1)}`,
  };
}
