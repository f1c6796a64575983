import type { ResourceType } from "../../ports/index.js";
import type { Amendment } from "../amendment.js";
import type { Settings } from "../settings.js";
import { distinctTypes, type Survey } from "../survey.js";
import type { Measure, MeasurePlan } from "./measure.js";

/** What has to be read for the measures that are not switched off. */
export function typesRead(measures: readonly Measure[], settings: Settings): readonly ResourceType[] {
  return distinctTypes(
    measures.filter(({ purpose }) => settings.measures[purpose] !== "off").flatMap(({ reads }) => reads),
  );
}

/**
 * All measures together, as far as each may go. One that Curfew may not see everything for is skipped and said,
 * not half done: with the drain-only role this is what happens to all of them.
 */
export function planMeasures(measures: readonly Measure[], survey: Survey, settings: Settings): MeasurePlan {
  const plans = planEach(measures, survey, settings);
  return {
    amendments: plans.flatMap(({ amendments }) => amendments),
    notes: plans.flatMap(({ notes }) => notes),
    refusal: plans.find(({ refusal }) => refusal !== null)?.refusal ?? null,
  };
}

/** The same, one plan for each measure, in their order. */
export function planEach(
  measures: readonly Measure[],
  survey: Survey,
  settings: Settings,
): readonly (MeasurePlan & Pick<Measure, "purpose">)[] {
  const plans: (MeasurePlan & Pick<Measure, "purpose">)[] = [];
  for (const measure of measures) {
    const planned = plans.flatMap(({ amendments }) => amendments);
    plans.push({ purpose: measure.purpose, ...planOne(measure, survey, settings, planned) });
  }
  return plans;
}

function planOne(measure: Measure, survey: Survey, settings: Settings, planned: readonly Amendment[]): MeasurePlan {
  const mode = settings.measures[measure.purpose];
  if (mode === "off") return { amendments: [], notes: [], refusal: null };
  const hidden = measure.reads.filter((type) => survey.hidden.includes(type));
  if (hidden.length > 0) {
    const names = hidden.map(({ plural }) => plural).join(", ");
    return {
      amendments: [],
      notes: [`${measure.purpose}: skipped, since Curfew may not list ${names} (bind the full-cycle role).`],
      refusal: null,
    };
  }
  const plan = measure.plan(survey, settings, planned);
  if (mode === "apply") return plan;
  return { amendments: [], notes: [...plan.notes, ...plan.amendments.map(wouldDo)], refusal: null };
}

function wouldDo({ id, reason }: Amendment): string {
  return `${id}: left alone, as settings say (report); ${reason}.`;
}
