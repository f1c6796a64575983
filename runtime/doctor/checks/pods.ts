import { describeLocalVolume, describeSilence, type DrainForecast } from "../../drain/index.js";
import type { Settings } from "../../cycle/index.js";
import { blocked, note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";
import { namesOf } from "../words.js";

/** Pods that may not leave, those that would be lost, and nodes that cannot say so (safe-cycle 8, 9, 12, 53). */
export function checkPods({ forecast, settings }: Facts): Check {
  return checkReading("pods", forecast, (seen) => [
    ...seen.refused.map(({ pod, node, reasons }) =>
      blocked(
        `${pod} on ${node} ${reasons.join(" and ")}.`,
        "Move or delete it yourself, or allow its loss by the setting of settings.drain that is named.",
      ),
    ),
    ...markedFindings(seen, settings),
    ...silentFindings(seen),
    ...lostFindings(seen),
    ...localFindings(seen),
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

/** Whatever the policy: without proof nothing is deleted with grace 0 (safe-cycle 54). */
function silentFindings({ silent }: DrainForecast): readonly Finding[] {
  const remedy = "Repair the node, or terminate its instance if it is dead: once that is proven, its pods are let go.";
  return silent.map((one) =>
    one.end === null && one.pods.length > 0 ? blocked(describeSilence(one), remedy) : note(describeSilence(one)),
  );
}

function localFindings({ localVolumes }: DrainForecast): readonly Finding[] {
  const remedy = "Move the data to a volume that outlives the node, or exclude the cluster.";
  return localVolumes.map((one) => warning(describeLocalVolume(one), remedy));
}
