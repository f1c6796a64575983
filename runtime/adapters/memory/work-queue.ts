import type { Clock, WorkItem, WorkParcel, WorkQueue } from "../../ports/index.js";

/** A message that somebody has in hand. */
export interface ReceivedWork {
  readonly item: WorkItem;
  /** How often it was handed out, this time included. */
  readonly receives: number;
  /** Takes the message off the queue. Nothing happens when it has been handed out again meanwhile. */
  readonly remove: () => void;
}

/** A standard queue in memory: what is received and not removed comes back. */
export interface MemoryWorkQueue extends WorkQueue {
  /** Up to `limit` of those that are visible now, longest visible first; they are hidden for the visibility time. */
  receive(limit: number): readonly ReceivedWork[];
  /** When the next one becomes visible, also one in hand; undefined when the queue is empty. */
  nextVisibleAt(): number | undefined;
  /** Those that were handed out too often. */
  deadLetters(): readonly WorkItem[];
}

export interface MemoryWorkQueueOptions {
  /** Delays and visibility run on it. */
  readonly clock: Clock;
  readonly visibilityMs?: number;
  /** After so many receives a message goes to the dead letters. */
  readonly maxReceives?: number;
  /** Items that are not accepted, as a service refuses single entries of a batch. */
  readonly refuses?: (item: WorkItem) => boolean;
}

interface Message {
  readonly item: WorkItem;
  visibleAt: number;
  receives: number;
}

/** SQS's own bound. */
const MAX_DELAY_SECONDS = 900;

/** An empty queue. Defaults: visibility 12 minutes, 5 receives. */
export function createMemoryWorkQueue({
  clock,
  visibilityMs = 720_000,
  maxReceives = 5,
  refuses = () => false,
}: MemoryWorkQueueOptions): MemoryWorkQueue {
  const messages = new Set<Message>();
  const dead: WorkItem[] = [];

  const isRefused = ({ item, delaySeconds }: WorkParcel): boolean =>
    delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS || refuses(item);

  function bury(message: Message): void {
    messages.delete(message);
    dead.push(message.item);
  }

  function handOut(message: Message): ReceivedWork {
    message.receives += 1;
    message.visibleAt = clock.now() + visibilityMs;
    const { item, receives } = message;
    const remove = (): void => {
      if (message.receives === receives) messages.delete(message);
    };
    return { item, receives, remove };
  }

  return {
    send(parcels) {
      const rejected = new Set(parcels.filter(isRefused));
      for (const parcel of parcels) {
        if (rejected.has(parcel)) continue;
        messages.add({ item: parcel.item, visibleAt: clock.now() + parcel.delaySeconds * 1000, receives: 0 });
      }
      return Promise.resolve([...rejected]);
    },
    receive(limit) {
      const visible = [...messages].filter(({ visibleAt }) => visibleAt <= clock.now());
      visible.filter(({ receives }) => receives >= maxReceives).forEach(bury);
      const living = visible.filter((message) => messages.has(message));
      return living
        .sort((a, b) => a.visibleAt - b.visibleAt)
        .slice(0, limit)
        .map(handOut);
    },
    nextVisibleAt: () =>
      [...messages].reduce<number | undefined>(
        (first, { visibleAt }) => Math.min(first ?? visibleAt, visibleAt),
        undefined,
      ),
    deadLetters: () => dead,
  };
}
