import type { Clock } from "../../../runtime/ports/index.js";

interface Timer {
  readonly at: number;
  /** Of two at one instant the one that lay down first wakes first. */
  readonly turn: number;
  readonly wake: () => void;
  isOver: boolean;
}

/**
 * Time that jumps to the earliest sleeper when everybody sleeps, as the tests' fake clock does, but for hundreds of thousands of
 * sleepers: they lie in a heap.
 */
export function createVirtualClock(startAt: number): Clock {
  const heap: Timer[] = [];
  let now = startAt;
  let turns = 0;
  let isJumpPending = false;

  function jumpLater(): void {
    if (isJumpPending) return;
    isJumpPending = true;
    setImmediate(jump);
  }

  function jump(): void {
    isJumpPending = false;
    let timer = takeFirst(heap);
    while (timer?.isOver) timer = takeFirst(heap);
    if (timer === undefined) return;
    now = Math.max(now, timer.at);
    timer.wake();
    jumpLater();
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer: Timer = { at: now + Math.max(0, ms), turn: (turns += 1), wake: finish, isOver: false };
      function finish(): void {
        timer.isOver = true;
        signal?.removeEventListener("abort", finish);
        resolve();
      }
      signal?.addEventListener("abort", finish);
      put(heap, timer);
      jumpLater();
    });
  }

  return { now: () => now, sleep };
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.turn < other.turn);
}

function put(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(timer, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = timer;
}

function takeFirst(heap: Timer[]): Timer | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= heap.length) break;
    const smaller = left + 1 < heap.length && isBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
    if (!isBefore(heap[smaller]!, last)) break;
    heap[index] = heap[smaller]!;
    index = smaller;
  }
  heap[index] = last;
  return first;
}
