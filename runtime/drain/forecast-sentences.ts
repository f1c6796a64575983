import type { BudgetFacts } from "../ports/index.js";

import { describeBudget } from "./budgets.js";
import type { BudgetForecast, DrainForecast } from "./forecast.js";
import type { WarningReport } from "./warnings.js";
import { few, plural } from "./wording.js";

/** Names the pods that would be refused; null for none. */
export function refusalSentence(refused: DrainForecast["refused"]): string | null {
  if (refused.length === 0) return null;
  const named = refused.map(({ pod, reasons }) => `${pod} ${reasons.join(" and ")}`);
  return `${plural(refused.length, "pod")} may not be evicted: ${few(named, { limit: 10, separator: "; " })}.`;
}

/** A warning about pods, as a whole sentence. */
export function podWarning({ message, count, examples }: WarningReport): string {
  const more = count > examples.length ? ` and ${count - examples.length} more` : "";
  return `${plural(count, "pod")} (${examples.join(", ")}${more}): ${message}.`;
}

/** One sentence for each budget that never lets go. */
export function deadEndWarnings(deadEnds: readonly BudgetForecast[]): readonly string[] {
  return deadEnds.map(
    ({ budget, problem, needs, has }) =>
      `Budget ${budget} (needs ${needs} healthy, has ${has}) never lets go: ${problem}.`,
  );
}

/** One sentence for each pod that a dry run found held. */
export function blockedWarnings(blocked: DrainForecast["blocked"]): readonly string[] {
  return blocked.map(({ pod, budgets, message }) => `Now held: ${pod} under ${budgets.join(" and ")}: ${message}.`);
}

/** That a budget will hold its last pods. */
export function holdingWarning(budget: BudgetFacts): string {
  return `All pods under ${describeBudget(budget)} are to leave: it will hold the last ${budget.desiredHealthy} until the deadline.`;
}
