import {
  API_SERVICES,
  CUSTOM_RESOURCE_DEFINITIONS,
  ENDPOINT_SLICES,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  VALIDATING_WEBHOOKS,
} from "../../resource-types.js";
import type { Settings } from "../../settings.js";
import type { Survey } from "../../survey.js";
import type { Measure, MeasurePlan } from "../measure.js";
import { auditWebhooks, describeFinding, type Finding } from "./audit.js";
import { groundOf, isFargateNode, type IsNodeThere } from "./ground.js";
import { relax } from "./remedy.js";
import { unreachableApiNotes } from "./unreachable-apis.js";
import { webhookKey } from "./webhook.js";

/** What has to be read to judge the webhooks alone. */
export const WEBHOOK_TYPES = [VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS] as const;
/** What their surroundings are read from. */
export const WEBHOOK_SURROUNDINGS = [NAMESPACES, ENDPOINT_SLICES] as const;

/** Relaxes webhooks that would keep the cluster from sleeping or waking while their backends have no node (safe-cycle H11-H18). */
export const webhooksMeasure: Measure = {
  purpose: "webhooks",
  reads: [...WEBHOOK_TYPES, ...WEBHOOK_SURROUNDINGS, CUSTOM_RESOURCE_DEFINITIONS, API_SERVICES],
  plan(survey, settings) {
    const plan = planRelaxation(survey, settings, isFargateNode);
    return { ...plan, notes: [...plan.notes, ...unreachableApiNotes(survey, groundOf(survey, isFargateNode))] };
  },
};

/** The amendments for every webhook that is a problem while only these nodes are there. */
export function planRelaxation(survey: Survey, { webhooks }: Settings, isNodeThere: IsNodeThere): MeasurePlan {
  const { findings, unreadable } = auditWebhooks(survey, isNodeThere);
  const mayRelax = (finding: Finding) => finding.product !== null || webhooks.unknown === "relax";
  return {
    amendments: findings.filter(mayRelax).flatMap(relax),
    notes: [
      ...findings.filter(({ product }) => product === null).map((finding) => unknownNote(finding, mayRelax(finding))),
      ...unreadable.map((name) => `${name}: cannot be read as a webhook; left alone.`),
    ],
    refusal: null,
  };
}

function unknownNote(finding: Finding, isRelaxed: boolean): string {
  const verdict = isRelaxed
    ? "relaxed for the night, as far as that"
    : "left alone, as settings.webhooks.unknown says: the wake may hang";
  return `${webhookKey(finding.webhook)} is of no product that Curfew knows: ${verdict}. ${describeFinding(finding)}.`;
}
