import type { Clock } from "../../ports/index.js";
import { lease, slowDown } from "./bucket.js";
import type { SharedBucket } from "./shared-bucket.js";

/** The calls of this process that one bucket admits. */
export interface Lane {
  /** Waits for a turn. Rejects only when `signal` aborts; the turn is then lost. */
  admit(signal?: AbortSignal): Promise<void>;
  /** AWS said "too fast". */
  throttled(): void;
}

interface Turn {
  /** From when it may be used. */
  readonly at: number;
  readonly leasedAt: number;
}

/** What was taken along and not used by then is lost: at most a quarter of the bucket, and nothing when tokens are scarce. */
const SPARE_LIFE_MS = 2_000;
/** A turn that was leased longer ago is asked about before it is used: others may have been told to slow down since. */
const FRESH_MS = 5_000;

/** A lane over `shared`. One block at a time is leased, for all who wait then; the next one when its last turn has come. */
export function createLane(shared: SharedBucket, clock: Clock): Lane {
  const waiting: ((turn: Turn) => void)[] = [];
  let spare: readonly Turn[] = [];
  let isServing = false;
  let slowedAt = Number.NEGATIVE_INFINITY;
  let slowing: Promise<void> | undefined;

  async function leaseBlock(): Promise<readonly Turn[]> {
    const { bucket, turns } = await shared.amend((before, quota, now) => {
      const taken = lease(before, quota, now, waiting.length);
      return { bucket: taken.bucket, result: taken };
    });
    slowedAt = bucket.slowedAt ?? slowedAt;
    return turns.map((at) => ({ at, leasedAt: bucket.at }));
  }

  async function serve(): Promise<void> {
    isServing = true;
    while (waiting.length > 0) {
      const turns = await leaseBlock();
      const taken = waiting.splice(0, turns.length);
      turns.forEach((turn, index) => taken[index]?.(turn));
      spare = turns.slice(taken.length);
      await clock.sleep(Math.max(0, (turns.at(-1)?.at ?? 0) - clock.now()));
    }
    isServing = false;
  }

  function nextTurn(): Turn | Promise<Turn> {
    spare = spare.filter(({ at }) => clock.now() - at < SPARE_LIFE_MS);
    const [turn, ...others] = spare;
    if (turn !== undefined) {
      spare = others;
      return turn;
    }
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (!isServing) void serve();
    });
  }

  /** Whether nobody was told to slow down since the turn was leased. */
  async function holds({ leasedAt }: Turn): Promise<boolean> {
    if (clock.now() - leasedAt > FRESH_MS)
      slowedAt = (await shared.amend((bucket) => ({ bucket, result: bucket.slowedAt }))) ?? slowedAt;
    return leasedAt >= slowedAt;
  }

  async function slow(): Promise<void> {
    spare = [];
    slowedAt = await shared.amend((before, quota, now) => {
      const bucket = slowDown(before, quota, now);
      return { bucket, result: bucket.slowedAt ?? now };
    });
    slowing = undefined;
  }

  return {
    async admit(signal) {
      for (;;) {
        signal?.throwIfAborted();
        const turn = await nextTurn();
        await clock.sleep(Math.max(0, turn.at - clock.now()), signal);
        signal?.throwIfAborted();
        if (await holds(turn)) return;
      }
    },
    throttled: () => void (slowing ??= slow()),
  };
}
