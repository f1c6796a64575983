import type { StateStore } from "../../ports/index.js";

/** What a worker wants to hear of its lease. Instants in epoch milliseconds. */
export interface LeaseWatch {
  /** It is ours until then. What this rejects with is dropped: a sign of life that is lost costs one message too many. */
  readonly onOurs: (expiresAt: number) => Promise<unknown>;
  /** It is somebody else's until then, who may renew it. */
  readonly onHeld: (expiresAt: number) => void;
}

/**
 * A store that tells of every lease taken, renewed or refused, and until when. A worker makes its cluster due at that instant: while
 * it lives nobody else is sent, and when it dies somebody is as soon as the lease is free.
 */
export function watchLease(store: StateStore, { onOurs, onHeld }: LeaseWatch): StateStore {
  const tell = (expiresAt: number): Promise<unknown> => onOurs(expiresAt).catch(() => undefined);
  return {
    ...store,
    async acquireLease(request) {
      const answer = await store.acquireLease(request);
      if (answer.kind === "acquired") await tell(answer.expiresAt);
      else onHeld(answer.expiresAt);
      return answer;
    },
    async renewLease(lease, expiresAt) {
      const answer = await store.renewLease(lease, expiresAt);
      if (answer === "renewed") await tell(expiresAt);
      return answer;
    },
  };
}
