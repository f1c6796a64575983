import { MEASURES, planEach, type MeasurePlan, type Purpose, type Settings, type Survey } from "../../cycle/index.js";
import { blocking, checkOf, note, unknown, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";

/** Webhooks have a check of their own. */
type Controller = Exclude<Purpose, "webhooks">;

const CONTROLLERS: readonly Controller[] = ["autoscaler", "karpenter", "keda", "cronjobs", "jobs", "gitops"];

/** What the measures would hold still for the night, one check for each (safe-cycle H7-H9, H19-H26). */
export function checkMeasures({ survey, settings, karpenter }: Facts): readonly Check[] {
  if (!survey.isKnown) return CONTROLLERS.map((purpose) => checkOf(purpose, [unknown(survey.failure)]));
  const plans = planEach(MEASURES, survey.value, settings);
  return CONTROLLERS.map((purpose) => {
    const plan = plans.find((one) => one.purpose === purpose);
    const findings = plan === undefined ? [] : findingsOf(plan, purpose, settings);
    const others = purpose === "karpenter" ? karpenterFindings(karpenter) : [];
    return checkOf(purpose, [...hiddenFindings(purpose, survey.value, settings), ...findings, ...others]);
  });
}

function findingsOf(
  { amendments, notes, refusal }: MeasurePlan,
  purpose: Controller,
  settings: Settings,
): readonly Finding[] {
  if (settings.measures[purpose] === "off") return [note("Switched off in settings.")];
  return [
    ...(refusal === null ? [] : [blocking(refusal)]),
    ...amendments.map(({ id, reason }) => note(`${id} is changed for the night and given back: ${reason}.`)),
    ...notes.filter((what) => !what.startsWith(`${purpose}: skipped`)).map((what) => warning(what, null)),
  ];
}

/** What a measure may not see it does not do. */
function hiddenFindings(purpose: Controller, survey: Survey, settings: Settings): readonly Finding[] {
  const reads = MEASURES.find((measure) => measure.purpose === purpose)?.reads ?? [];
  const hidden = settings.measures[purpose] === "off" ? [] : reads.filter((type) => survey.hidden.includes(type));
  if (hidden.length === 0) return [];
  const message = `Skipped, since Curfew may not list ${hidden.map(({ plural }) => plural).join(", ")}.`;
  return [
    unknown({ message, remedy: "Bind the full-cycle role (stacks/rbac/full-cycle.yaml), or switch the measure off." }),
  ];
}

function karpenterFindings(karpenter: Facts["karpenter"]): readonly Finding[] {
  if (!karpenter.isKnown) return [unknown(karpenter.failure)];
  return karpenter.value === null ? [] : [blocking(karpenter.value)];
}
