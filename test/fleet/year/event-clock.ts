import type { Clock } from "../../../runtime/ports/index.js";

/** A clock that jumps from event to event; many thousands may wait. */
export interface EventClock extends Clock {
  /** Calls `act` at an instant; at once in the next step when that has passed. */
  readonly at: (instant: number, act: () => void) => void;
  /** Lets everything happen that is due by `until`, and whatever follows from it by then. */
  readonly runUntil: (until: number) => Promise<void>;
}

interface Event {
  readonly at: number;
  /** Events of one instant happen in the order in which they were planned. */
  readonly order: number;
  readonly act: () => void;
}

export function eventClock(startAt: number): EventClock {
  let now = startAt;
  let orders = 0;
  const heap: Event[] = [];

  const plan = (instant: number, act: () => void): void => push(heap, { at: instant, order: (orders += 1), act });

  return {
    now: () => now,
    sleep: (ms) => new Promise((resolve) => plan(now + ms, resolve)),
    at: plan,
    async runUntil(until) {
      for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
        now = Math.max(now, next.at);
        for (; next !== undefined && next.at <= now; next = heap[0]) pop(heap)?.act();
        // Everything that can go on without time does so before the clock moves.
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = Math.max(now, until);
    },
  };
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function push(heap: Event[], event: Event): void {
  let index = heap.length;
  for (let parent = (index - 1) >> 1; index > 0 && isBefore(event, heap[parent]!); parent = (index - 1) >> 1) {
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let index = 0;
  for (let child = 1; child < heap.length; child = 2 * index + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
  return first;
}
