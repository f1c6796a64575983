import {
  describeRelaxed,
  groundOf,
  isFargateNode,
  NAMESPACES,
  noteReturning,
  surveyOf,
  type Amendment,
  type Namespaces,
  type RelaxedWebhook,
  type Webhook,
} from "../../cycle/index.js";
import type { FailureInfo } from "../../ports/index.js";
import type { StepContext } from "../context.js";
import { waitOptions, waitUntil, type WaitEnd } from "../poll.js";
import { watchBackends } from "./backend-watch.js";
import { bringBack } from "./bring-back.js";
import { findReturning, type Returning } from "./find-returning.js";
import { retryRefused } from "./retry-refused.js";

/** A webhook that is given back in this run. */
export interface ReturnedWebhook {
  readonly webhook: Webhook;
  /** What was changed of it for the night. */
  readonly amendments: readonly Amendment[];
  readonly namespaces: Namespaces;
}

/** How far the webhooks came. */
export interface WebhookReturn {
  /** `timed-out` when some are left. */
  readonly end: WaitEnd;
  readonly returned: readonly ReturnedWebhook[];
  /** Set when some stay relaxed; they are in the notes, too. */
  readonly failure: FailureInfo | null;
}

/** How patiently webhooks are given back. */
export interface ReturnOptions {
  /** How long a backend must have served; 0: one look is enough. */
  readonly stableMs: number;
  /** Waits for nothing but backends that serve already, and leaves the others for a later step. */
  readonly mayDefer: boolean;
}

/** How often a webhook that serves but does not answer is tried before it is left relaxed. */
const ATTEMPTS = 3;

/**
 * Gives every relaxed webhook back as soon as its backend has served long enough, and proves it. Waits at
 * most `webhooks.restoreTimeoutSeconds`; what is left stays relaxed and is named. Repeating it is safe, also after a crash
 * between giving back and proving: the journal knows which are not proven.
 */
export async function returnWebhooks(
  context: StepContext,
  { stableMs, mayDefer }: ReturnOptions,
): Promise<WebhookReturn> {
  const { session, clock, settings } = context;
  const pending = new Map((await findReturning(context)).map((one) => [one.key, one]));
  if (pending.size === 0) return { end: "done", returned: [], failure: null };
  await session.update((journal) => noteReturning(journal, [...pending.keys()], clock.now()));
  const namespaces = await readNamespaces(context);
  const watch = watchBackends(context, stableMs);
  const returned: ReturnedWebhook[] = [];
  const refusals = new Map<string, readonly string[]>();

  async function tryAll(due: readonly Returning[]): Promise<void> {
    for (const { one, webhook, why } of await bringBack(due, namespaces, context)) {
      if (why === null) {
        pending.delete(one.key);
        if (webhook) returned.push({ webhook, amendments: one.amendments, namespaces });
        continue;
      }
      refusals.set(one.key, [...(refusals.get(one.key) ?? []), why]);
      if (one.service) watch.distrust(one.service);
    }
  }

  const isOpen = ({ key }: Returning) => (refusals.get(key)?.length ?? 0) < ATTEMPTS;
  const isWorthWaiting = ({ service }: Returning) => !mayDefer || service === null || watch.isReady(service);
  const end = await waitUntil(
    async () => {
      const open = [...pending.values()].filter(isOpen);
      await watch.look(open.flatMap(({ service }) => service ?? []));
      await tryAll(open.filter(({ service }) => service === null || watch.isStable(service)));
      const left = [...pending.values()].filter((one) => isOpen(one) && isWorthWaiting(one));
      if (left.length > 0)
        context.tell(`waiting for the backends of ${left.length} webhook(s)`, { webhooks: left.length });
      return left.length === 0;
    },
    { ...waitOptions(context, settings.webhooks.restoreTimeoutSeconds), dueAt: () => watch.nextStableAt() },
  );
  await retryRefused(
    returned.map(({ webhook }) => webhook.name),
    context,
  );
  if (mayDefer) return { end: end === "timed-out" ? "done" : end, returned, failure: null };
  const left = [...pending.values()].map((one) => relaxedOf(one, refusals.get(one.key)?.at(-1), context));
  return { end, returned, failure: tellRelaxed(left, context) };
}

/** A namespace that is on its way out takes no rehearsal. */
async function readNamespaces({ kubernetes }: StepContext): Promise<Namespaces> {
  const answer = await kubernetes.objects.list(NAMESPACES);
  const items = answer.kind === "listed" ? answer.items : [];
  const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return groundOf(surveyOf([{ type: NAMESPACES, items: staying }]), isFargateNode).namespaces;
}

function relaxedOf(
  { key, service }: Returning,
  refusal: string | undefined,
  { session, clock }: StepContext,
): RelaxedWebhook {
  const sinceAt = session.journal().returningWebhooks[key] ?? clock.now();
  const backend = service ? `${service.namespace}/${service.name}` : "its backend";
  return { webhook: key, sinceAt, why: refusal ?? `${backend} has no endpoint that stays ready` };
}

/** A visible state, never silent (safe-cycle W15). */
function tellRelaxed(left: readonly RelaxedWebhook[], context: StepContext): FailureInfo | null {
  const { notes, clock, settings } = context;
  if (left.length === 0) return null;
  notes.relaxedWebhooks.push(...left);
  const words = left.map((one) => describeRelaxed(one, clock.now(), settings.webhooks.relaxedAlarmMinutes));
  notes.warnings.push(...words);
  return {
    code: "webhooks-relaxed",
    message: `Restored with ${left.length} relaxed webhook(s): ${left.map(({ webhook }) => webhook).join(", ")}.`,
    remedy: "Repair what answers for them; the next run, or `curfew wake NAME`, gives them back.",
  };
}
