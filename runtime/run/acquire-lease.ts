import type { Lease, LeaseAnswer, Ports } from "../ports/index.js";
import { Failure } from "../ports/index.js";
import type { RunBudget, RunRequest } from "./request.js";

const GRACE_MS = 250;

/**
 * Takes the cluster's lease. When another operation holds it and the request says so, waits once until the expiry that was
 * seen first: a crashed holder's lease runs out then, a living one has renewed it. Throws `Failure` lease-held.
 */
export async function acquireLease(
  request: RunRequest,
  { clock, store }: Pick<Ports, "clock" | "store">,
  budget: RunBudget,
  tell: (message: string) => void,
): Promise<Lease> {
  const leaseMs = request.cluster.settings.leaseSeconds * 1000;
  const ask = () => {
    const now = clock.now();
    return store.acquireLease({
      clusterId: request.cluster.id,
      operationId: request.operationId,
      now,
      expiresAt: now + leaseMs,
    });
  };
  const first = await ask();
  if (first.kind === "acquired") return first.lease;
  if (!request.waitForLease) throw held(first);
  const waitMs = Math.max(0, first.expiresAt - clock.now()) + GRACE_MS;
  tell(`${first.holder} holds this cluster; waiting ${Math.ceil(waitMs / 1000)} s in case it is gone.`);
  await clock.sleep(waitMs, budget.signal);
  const second = await ask();
  if (second.kind === "acquired") return second.lease;
  throw held(second);
}

function held({ holder, expiresAt }: Extract<LeaseAnswer, { kind: "held" }>): Failure {
  return new Failure({
    code: "lease-held",
    message: `Operation ${holder} is working on this cluster (until ${new Date(expiresAt).toISOString()} at least).`,
    remedy: "Wait for it to finish, then run again; `curfew status` shows it.",
  });
}
