import {
  isMarked,
  savedAmendments,
  serviceOf,
  standingOf,
  webhookKey,
  webhookKeyOf,
  webhooksOf,
  WEBHOOK_TYPES,
  type Amendment,
  type ServiceRef,
} from "../../cycle/index.js";
import type { ApiObject } from "../../ports/index.js";
import type { StepContext } from "../context.js";
import { takeSurvey } from "../survey.js";

/** One webhook on its way back. */
export interface Returning {
  /** `kind/configuration/webhook`. */
  readonly key: string;
  readonly amendments: readonly Amendment[];
  /** Null when there is nothing to wait for: it is gone, somebody else's or asked by URL by now. */
  readonly service: ServiceRef | null;
}

/** Those that are still relaxed, and those that an earlier run gave back but did not prove. */
export async function findReturning(context: StepContext): Promise<readonly Returning[]> {
  const { session, kubernetes } = context;
  const journal = session.journal();
  const saved = savedAmendments(journal, "webhooks").map(webhookKeyOf);
  const unproven = new Set(Object.keys(journal.returningWebhooks));
  const keys = new Set([...saved, ...unproven]);
  if (keys.size === 0) return [];
  const { webhooks } = webhooksOf(await takeSurvey(WEBHOOK_TYPES, kubernetes));
  const byKey = new Map(webhooks.map((webhook) => [webhookKey(webhook), webhook]));
  const cycleId = session.cycleId() ?? "";
  const ofWebhooks = journal.amendments.filter(({ purpose }) => purpose === "webhooks");
  return [...keys].map((key) => {
    const amendments = ofWebhooks.filter((one) => webhookKeyOf(one) === key);
    const live = byKey.get(key);
    const isWaiting = live !== undefined && (unproven.has(key) || isHeld(live.configuration, amendments, cycleId));
    return { key, amendments, service: isWaiting ? serviceOf(live) : null };
  });
}

/** Whether anything of it still has the value of the night: a hibernate may stop before it got there. */
function isHeld(live: ApiObject, amendments: readonly Amendment[], cycleId: string): boolean {
  return isMarked(live, cycleId) && amendments.some((one) => standingOf(one, live) === "ours");
}
