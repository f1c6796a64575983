import pLimit from "p-limit";

import { MEASURES, PURPOSES, type Purpose, type Settings, type Survey } from "../cycle/index.js";
import type { Objects } from "../ports/index.js";
import { CYCLE_RIGHTS, DRAIN_RIGHTS, type Right } from "./rights.js";

/** A right whose verbs are all there, or some are missing. */
export interface RightAnswer extends Right {
  readonly missing: readonly string[];
}

/** Questions side by side: enough to hide the latency, too few to trouble an API server. */
const QUESTIONS_AT_ONCE = 5;

/**
 * Asks the API server about every right that the settings need and this cluster can have: nothing for measures that are
 * off, nor for custom resources that are not installed. Changes nothing.
 */
export async function askRights(
  objects: Pick<Objects, "may">,
  settings: Settings,
  survey: Survey | null,
): Promise<readonly RightAnswer[]> {
  const limit = pLimit(QUESTIONS_AT_ONCE);
  const asked = [...DRAIN_RIGHTS, ...CYCLE_RIGHTS]
    .filter((right) => survey === null || isInstalled(right, survey))
    .map((right) => ({ ...right, verbs: verbsNeeded(right, settings) }))
    .filter(({ verbs }) => verbs.length > 0);
  return Promise.all(
    asked.map(async (right) => {
      const { group, verbs } = right;
      const [resource = "", subresource] = right.resource.split("/");
      const question = { group, resource, ...(subresource === undefined ? {} : { subresource }) };
      const answers = await Promise.all(verbs.map((verb) => limit(() => objects.may({ ...question, verb }))));
      return { ...right, missing: verbs.filter((_, index) => !answers[index]) };
    }),
  );
}

/** A measure that only reports needs no more than to look. */
function verbsNeeded({ need, verbs }: Right, { measures, drain }: Settings): readonly string[] {
  if (need === "scale-owners") return drain.policy === "scale-owners" ? verbs : [];
  if (!isPurpose(need)) return verbs;
  switch (measures[need]) {
    case "apply":
      return verbs;
    case "report":
      return verbs.filter((verb) => verb === "get" || verb === "list");
    case "off":
      return [];
  }
}

function isPurpose(need: Right["need"]): need is Purpose {
  return PURPOSES.some((purpose) => purpose === need);
}

/** Groups of custom resources are there as soon as one of their types could be listed, or was forbidden. */
function isInstalled({ group }: Right, survey: Survey): boolean {
  const isCustom = group.includes(".") && !group.endsWith(".k8s.io");
  if (!isCustom) return true;
  const types = MEASURES.flatMap(({ reads }) => reads).filter((type) => type.group === group);
  return types.some((type) => survey.has(type) || survey.hidden.includes(type));
}
