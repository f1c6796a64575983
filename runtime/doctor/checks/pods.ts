import type { DrainForecast } from "../../drain/index.js";
import type { Settings } from "../../cycle/index.js";
import { blocked, note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";
import { namesOf } from "../words.js";

/** Pods that may not leave, and those that would be lost (safe-cycle 8, 9, 12). */
export function checkPods({ forecast, settings }: Facts): Check {
  return checkReading("pods", forecast, (seen) => [
    ...seen.refused.map(({ pod, node, reasons }) =>
      blocked(
        `${pod} on ${node} ${reasons.join(" and ")}.`,
        "Move or delete it yourself, or allow its loss by the setting of settings.drain that is named.",
      ),
    ),
    ...markedFindings(seen, settings),
    ...lostFindings(seen),
    ...seen.podWarnings.map(({ message, count, examples }) =>
      note(`${count} pod(s), ${examples.join(", ")}: ${message}.`),
    ),
    note(`${seen.leaving.length} pod(s) are to leave.`),
  ]);
}

/** Such pods leave by policy alone; without one the hibernate ends blocked. */
function markedFindings({ leaving }: DrainForecast, { drain }: Settings): readonly Finding[] {
  const marked = leaving.filter(({ isLeftForLast }) => isLeftForLast).map(({ pod }) => pod);
  if (marked.length === 0) return [];
  const what = `${namesOf(marked)} ask(s) not to be disrupted and is left alone until the deadline`;
  return drain.policy === "wait"
    ? [
        blocked(
          `${what}; then the hibernate gives up.`,
          "Take the mark off, or set drain.overrideProtection or a drain.policy.",
        ),
      ]
    : [warning(`${what}; then drain.policy ${drain.policy} applies.`, "Take the mark off if it is no longer meant.")];
}

function lostFindings({ lost }: DrainForecast): readonly Finding[] {
  if (lost.length === 0) return [];
  return [
    warning(
      `${namesOf(lost)}: nothing recreates what is evicted there (drain.deleteUnmanagedPods allows the loss).`,
      "Put them under a Deployment or a StatefulSet if they matter.",
    ),
  ];
}
