import type { StepContext, StepOutcome } from "../context.js";

/**
 * Gives workloads back the replicas that the policy `scale-owners` took. A workload that somebody scaled meanwhile,
 * or that is gone or was made anew, is left as it is and reported. Stateful workloads first (safe-cycle W13). Calling twice
 * is safe.
 * @param only UIDs of those whose turn it is; all when left out.
 */
export async function restoreOwnersStep(context: StepContext, only?: readonly string[]): Promise<StepOutcome> {
  const { kubernetes, session, notes } = context;
  const scaled = session.hasCycle() ? session.journal().scaledOwners : [];
  const owners = scaled.filter(({ uid }) => only?.includes(uid) ?? true).sort((a, b) => stateRank(a) - stateRank(b));
  let restored = 0;
  for (const owner of owners) {
    const name = `${owner.kind} ${owner.namespace}/${owner.name}`;
    const live = await kubernetes.readOwner(owner);
    if (live === null) notes.drift.push(`${name} was deleted or made anew while the cluster slept: not scaled.`);
    else if (live.replicas === owner.replicas) restored += 1;
    else if (live.replicas !== 0) notes.drift.push(`${name} was set to ${live.replicas} replicas meanwhile; kept.`);
    else if ((await kubernetes.scaleOwner(owner, owner.replicas)) === "scaled") restored += 1;
    await session.heartbeat();
  }
  return { kind: "done", detail: `${restored} of ${owners.length} workload(s)` };
}

function stateRank({ kind }: { readonly kind: string }): number {
  return kind === "StatefulSet" ? 0 : 1;
}
