import type { Observation } from "../../cycle/index.js";
import type { NodeGroup } from "../../ports/index.js";
import { judgeWarmPools, refuseGroups, refuseInstances, warnOfStrangers } from "../../run/index.js";
import { blocked, blocking, note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";

/** Whether node groups can go to zero and come back (safe-cycle H6, H30, W5, W8). */
export function checkGroups({ observation, settings }: Facts): Check {
  return checkReading("groups", observation, (seen) => {
    const notes = { warnings: [] as string[] };
    const warmPools = judgeWarmPools(seen, settings.scaling.warmPools, notes);
    warnOfStrangers(seen, notes);
    return [
      ...[refuseGroups(seen.groups), refuseInstances(seen.instances), warmPools].flatMap((failure) =>
        failure === null ? [] : [blocking(failure)],
      ),
      ...launchFindings(seen),
      ...seen.groups.flatMap(healthFindings),
      ...notes.warnings.map((message) => warning(message, null)),
      ...seen.groups.map(({ id, size }) => note(`${id}: min ${size.min}, desired ${size.desired}, max ${size.max}.`)),
    ];
  });
}

/** Without Launch a wake is a silent no-op (safe-cycle W5). */
function launchFindings({ instances }: Observation): readonly Finding[] {
  return instances
    .filter(({ suspendedProcesses }) => suspendedProcesses.includes("Launch"))
    .map(({ groupId }) =>
      blocked(`The Launch process of ${groupId} is suspended, so it would not wake.`, "Resume the process."),
    );
}

function healthFindings({ id, healthIssues, status }: NodeGroup): readonly Finding[] {
  const issues = healthIssues.map((issue) =>
    warning(
      `${id}: ${issue}`,
      "Mend it before the night: what keeps instances from coming now does so in the morning.",
    ),
  );
  if (status === "UPDATING") {
    const remedy = "Nothing to do if it ends before the night: a run waits for it.";
    return [...issues, warning(`${id} is being updated.`, remedy)];
  }
  return issues;
}
