import type { Settings } from "../../cycle/index.js";
import type { BudgetForecast, DrainForecast } from "../../drain/index.js";
import { blocked, note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";

/** Budgets that hold pods back, by arithmetic and by dry-run evictions (safe-cycle 39, 40, H22). */
export function checkBudgets({ forecast, settings }: Facts): Check {
  return checkReading("budgets", forecast, (seen) => {
    const findings = [
      ...seen.deadEnds.map((budget) => deadEnd(budget, settings)),
      ...seen.holds.map((budget) => hold(budget, settings)),
      ...otherObjections(seen),
    ];
    return findings.length === 0 ? [note("No disruption budget holds a pod back.")] : findings;
  });
}

function deadEnd({ budget, problem, needs, has }: BudgetForecast, settings: Settings): Finding {
  const what = `Budget ${budget} (needs ${needs} healthy, has ${has}) never lets go: ${problem}`;
  return byPolicy(what, settings, "Give it more replicas or less minAvailable");
}

/** A drain to zero is no rolling drain: there is nowhere for a replacement to become ready. */
function hold({ budget, needs, has }: BudgetForecast, settings: Settings): Finding {
  const what = `Budget ${budget} (needs ${needs} healthy, has ${has}) holds its last ${needs} pod(s) until the deadline, since all are to leave`;
  return byPolicy(what, settings, "Let the budget go down to 0 healthy for the night");
}

function byPolicy(what: string, { drain }: Settings, mend: string): Finding {
  return drain.policy === "wait"
    ? blocked(
        `${what}; then the hibernate gives up.`,
        `${mend}, or set drain.policy to scale-owners or force-at-deadline.`,
      )
    : warning(`${what}; then drain.policy ${drain.policy} applies.`, `${mend}, if that is not meant.`);
}

/** What the API server said against a dry run beyond what arithmetic told: several budgets, a webhook, a stale status. */
function otherObjections({ blocked: objections, deadEnds, holds }: DrainForecast): readonly Finding[] {
  const told = new Set([...deadEnds, ...holds].map(({ budget }) => budget));
  return objections
    .filter(({ budgets }) => budgets.length !== 1 || !told.has(budgets[0] ?? ""))
    .map(({ pod, budgets, message }) => {
      const under = budgets.length === 0 ? "" : ` under ${budgets.join(" and ")}`;
      return budgets.length > 1
        ? blocked(
            `${pod}${under} can never be evicted: ${message}.`,
            "Kubernetes allows one budget per pod: change a selector, or set drain.policy to force-at-deadline.",
          )
        : warning(`${pod}${under} could not be evicted now: ${message}.`, "Look whether this passes before the night.");
    });
}
