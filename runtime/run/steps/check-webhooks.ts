import {
  isFargateNode,
  noteAmendments,
  planRelaxation,
  renew,
  savedAmendments,
  serviceOf,
  settleAmendments,
  webhookNameOf,
  webhooksOf,
  WEBHOOK_SURROUNDINGS,
  WEBHOOK_TYPES,
  type Amendment,
  type IsNodeThere,
  type Journal,
  type MeasurePlan,
  type Survey,
} from "../../cycle/index.js";
import type { ApiObject, FailureInfo } from "../../ports/index.js";
import { applyAmendments } from "../amend.js";
import type { StepContext, StepOutcome } from "../context.js";
import { takeSurvey } from "../survey.js";
import { reportWebhooks } from "./report-webhooks.js";
import { retryRefused, settleWebhooks } from "./retry-refused.js";

/** How often what somebody puts back is relaxed again before a person is told who it is. */
const ROUNDS = 3;

/**
 * Audits the webhooks again: right before the scale-down, since controllers put back what was relaxed as long as they live
 * (safe-cycle H17), and as the first thing of a wake, before an instance costs money (safe-cycle W4). What would be in the way is noted
 * in the journal, then relaxed. Repeating it is safe.
 */
export async function checkWebhooksStep(context: StepContext): Promise<StepOutcome> {
  const { settings, session, notes } = context;
  const mode = settings.measures.webhooks;
  if (mode === "off") return { kind: "done" };
  if (!session.hasCycle()) return withoutRecord(context);
  const relaxed: Amendment[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const survey = await surveyWebhooks(context);
    if (survey.hidden.length > 0) return skipped(survey, context);
    const plan = planRelaxation(survey, settings, nodesThere(context));
    if (round === 0 && isWaking(context)) notes.warnings.push(...plan.notes);
    if (plan.amendments.length === 0) return finish(relaxed, context);
    if (mode === "report") return reported(plan, context);
    const failure = await relaxAgain(plan.amendments, survey, context);
    if (failure) return giveUp(failure, context);
    relaxed.push(...plan.amendments);
  }
  return giveUp(putBack(), context);
}

async function withoutRecord(context: StepContext): Promise<StepOutcome> {
  const survey = await surveyWebhooks(context);
  return survey.hidden.length > 0 ? skipped(survey, context) : reportWebhooks(survey, nodesThere(context), context);
}

/** In a wake, what was refused until now tries again. */
async function finish(relaxed: readonly Amendment[], context: StepContext): Promise<StepOutcome> {
  if (relaxed.length > 0 && isWaking(context)) {
    await settleWebhooks(context);
    await retryRefused(relaxed.map(webhookNameOf), context);
  }
  return { kind: "done", detail: `${relaxed.length} relaxed again` };
}

/** The surroundings are read only where a webhook has its backend in a cluster. */
async function surveyWebhooks({ kubernetes }: StepContext): Promise<Survey> {
  const configurations = await takeSurvey(WEBHOOK_TYPES, kubernetes);
  const isAnyInCluster = webhooksOf(configurations).webhooks.some((webhook) => serviceOf(webhook) !== null);
  if (!isAnyInCluster) return configurations;
  const surroundings = await takeSurvey(WEBHOOK_SURROUNDINGS, kubernetes);
  return {
    of: (type) => (configurations.has(type) ? configurations : surroundings).of(type),
    has: (type) => configurations.has(type) || surroundings.has(type),
    hidden: [...configurations.hidden, ...surroundings.hidden],
  };
}

/** In a wake an endpoint counts when its node is usable; in a hibernate the nodes are about to go. */
function nodesThere(context: StepContext): IsNodeThere {
  if (!isWaking(context)) return isFargateNode;
  const ready = context.observation.nodes.filter((node) => node.ready === "True").map(({ name }) => name);
  const names = new Set(ready);
  return (name) => isFargateNode(name) || names.has(name);
}

/** Only a wake does without a record. */
function isWaking({ session }: StepContext): boolean {
  return !session.hasCycle() || session.journal().phase === "waking";
}

/** In the journal first, then on the server. */
async function relaxAgain(
  due: readonly Amendment[],
  survey: Survey,
  context: StepContext,
): Promise<FailureInfo | null> {
  const { session, notes } = context;
  const saved = savedAmendments(session.journal(), "webhooks");
  const { amendments, drift } = renew(due, saved, (one) => find(survey, one));
  notes.drift.push(...drift.filter((sentence) => !notes.drift.includes(sentence)));
  await session.update((journal) => put(journal, amendments));
  const ids = new Set(amendments.map(({ id }) => id));
  const { failure } = await applyAmendments("webhooks", context, ({ id }) => ids.has(id));
  return failure;
}

function put(journal: Journal, amendments: readonly Amendment[]): Journal {
  return settleAmendments(noteAmendments(journal, amendments), amendments);
}

function find(survey: Survey, { type, name }: Amendment): ApiObject | null {
  return survey.of(type).find(({ metadata }) => metadata.name === name) ?? null;
}

function skipped({ hidden }: Survey, { notes }: StepContext): StepOutcome {
  const names = hidden.map(({ plural }) => plural).join(", ");
  notes.warnings.push(`webhooks: not checked, since Curfew may not list ${names} (bind the full-cycle role).`);
  return { kind: "done", detail: "not allowed to look" };
}

function reported({ amendments }: MeasurePlan, { notes }: StepContext): StepOutcome {
  notes.warnings.push(...amendments.map(({ id, reason }) => `${id}: left alone, as settings say (report); ${reason}.`));
  return { kind: "done", detail: `${amendments.length} reported` };
}

/** Before a scale-down it is better not to go on; a wake that stopped here would leave the cluster asleep for certain. */
function giveUp(failure: FailureInfo, context: StepContext): StepOutcome {
  if (!isWaking(context)) return { kind: "stopped", failure };
  context.notes.warnings.push(`${failure.message} ${failure.remedy}`);
  return { kind: "done", detail: "not all could be relaxed" };
}

function putBack(): FailureInfo {
  return {
    code: "pause-failed",
    message: `Somebody put webhooks back ${ROUNDS} times as fast as Curfew relaxed them, so the cluster would not wake by itself.`,
    remedy:
      "See `kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations --show-managed-fields -o yaml` for who it is, or set settings.measures.webhooks to report.",
  };
}
