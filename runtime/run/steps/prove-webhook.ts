import { rehearsalsOf, type Namespaces, type Rehearsal, type Webhook } from "../../cycle/index.js";
import { failureInfo, isFailure, type Kubernetes, type RehearsalAnswer } from "../../ports/index.js";

/** Whether the API server reached a webhook. `unproven`: nothing speaks against it; `why` is null where there was nothing to try. */
export type Proof =
  | { readonly kind: "reached" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "unproven"; readonly why: string | null };

/**
 * Rehearses the creation of an object that the webhook must be asked about (safe-cycle W15): accepted, or denied by it, it was
 * reached. Stores nothing; repeating it is safe.
 */
export async function proveWebhook(webhook: Webhook, namespaces: Namespaces, kubernetes: Kubernetes): Promise<Proof> {
  let why: string | null = null;
  for (const rehearsal of rehearsalsOf(webhook, namespaces)) {
    const answer = await rehearse(rehearsal, kubernetes);
    if (answer.kind === "accepted") return { kind: "reached" };
    if (answer.kind === "denied" && answer.message.includes(webhook.name)) return { kind: "reached" };
    if (answer.kind === "webhook-failed" && answer.message.includes(webhook.name))
      return { kind: "failed", why: answer.message };
    why ??= answer.message;
  }
  return { kind: "unproven", why };
}

/** An API server that waits for the webhook longer than Curfew waits for it: as good as no answer of the webhook. */
async function rehearse({ type, namespace, body }: Rehearsal, { objects }: Kubernetes): Promise<RehearsalAnswer> {
  try {
    return await objects.rehearseCreate(type, namespace, body);
  } catch (error) {
    if (!isFailure(error) || error.code !== "unavailable") throw error;
    return { kind: "invalid", message: failureInfo(error).message };
  }
}
