import {
  noteReturned,
  readConfiguration,
  settleAmendments,
  webhookKey,
  webhookKeyOf,
  type Amendment,
  type Namespaces,
  type Webhook,
} from "../../cycle/index.js";
import { applyAmendments, giveBackAmendments } from "../amend.js";
import type { StepContext } from "../context.js";
import type { Returning } from "./find-returning.js";
import { proveWebhook, type Proof } from "./prove-webhook.js";
import { settleWebhooks } from "./retry-refused.js";

/** How it went with one. */
export interface BroughtBack {
  readonly one: Returning;
  /** As it is now; null when there was nothing to prove. */
  readonly webhook: Webhook | null;
  /** Why it is relaxed again; null when it is back. */
  readonly why: string | null;
}

/** One that is in force again, and what trying it out showed. */
interface Tried {
  readonly one: Returning;
  readonly webhook: Webhook;
  readonly proof: Proof;
}

/**
 * Gives these back, waits once until that is in force, and proves each; one that does not answer is relaxed again (safe-cycle
 * W15). Repeating it is safe, also after a crash in between: what is not proven stays noted in the journal.
 */
export async function bringBack(
  due: readonly Returning[],
  namespaces: Namespaces,
  context: StepContext,
): Promise<readonly BroughtBack[]> {
  const results: BroughtBack[] = [];
  const inForce: Omit<Tried, "proof">[] = [];
  for (const one of due) {
    const { failure } = await giveBackAmendments("webhooks", context, isOf(one));
    const webhook = failure || !one.service ? null : await readWebhook(one, context);
    if (webhook) inForce.push({ one, webhook });
    else results.push({ one, webhook: null, why: failure?.message ?? null });
  }
  if (inForce.length > 0) await settleWebhooks(context);
  for (const { one, webhook, proof } of await proveAll(inForce, namespaces, context)) {
    if (isDoubtful(proof))
      context.notes.warnings.push(`${one.key} was given back, but could not be tried out: ${proof.why}`);
    results.push(proof.kind === "failed" ? { one, webhook: null, why: proof.why } : { one, webhook, why: null });
  }
  for (const { one } of results.filter(({ why }) => why === null))
    await context.session.update((journal) => noteReturned(journal, one.key));
  return results;
}

/** One that does not answer may keep others from being tried out: once it is relaxed again, those have another try. */
async function proveAll(
  inForce: readonly Omit<Tried, "proof">[],
  namespaces: Namespaces,
  context: StepContext,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const { one, webhook } of inForce)
    tried.push({ one, webhook, proof: await proveWebhook(webhook, namespaces, context.kubernetes) });
  const failed = tried.filter(({ proof }) => proof.kind === "failed");
  for (const { one } of failed) await relaxAgain(one, context);
  const doubtful = tried.filter(({ proof }) => isDoubtful(proof));
  if (failed.length === 0 || doubtful.length === 0) return tried;
  await settleWebhooks(context);
  const clear = tried.filter(({ proof }) => !isDoubtful(proof));
  return [...clear, ...(await proveAll(doubtful, namespaces, context))];
}

function isDoubtful(proof: Proof): proof is { readonly kind: "unproven"; readonly why: string } {
  return proof.kind === "unproven" && proof.why !== null;
}

function isOf({ key }: Returning): (amendment: Amendment) => boolean {
  return (amendment) => webhookKeyOf(amendment) === key;
}

async function readWebhook({ key, amendments }: Returning, { kubernetes }: StepContext): Promise<Webhook | null> {
  const [first] = amendments;
  const configuration = first ? await kubernetes.objects.read(first.type, first) : null;
  if (!first || !configuration) return null;
  return readConfiguration(first.type, configuration).webhooks.find((webhook) => webhookKey(webhook) === key) ?? null;
}

/** In the journal first, then on the server, as for the night. */
async function relaxAgain(one: Returning, context: StepContext): Promise<void> {
  const { session, notes } = context;
  const isMine = isOf(one);
  await session.update((journal) => {
    const given = journal.amendments.filter((amendment) => amendment.state === "given-back" && isMine(amendment));
    return settleAmendments(
      journal,
      given.map((amendment) => ({ ...amendment, state: "saved" as const })),
    );
  });
  const { failure } = await applyAmendments("webhooks", context, isMine);
  if (failure) notes.warnings.push(`${failure.message} ${failure.remedy}`);
}
