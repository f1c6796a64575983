import type { Observation } from "../../cycle/index.js";
import type { GroupInstances, NodeGroup } from "../../ports/index.js";
import { hookedInstances, judgeWarmPools, refuseGroups, refuseInstances, warnOfStrangers } from "../../run/index.js";
import { blocked, blocking, note, unknown, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";
import { namesOf } from "../words.js";

/** Whether node groups can go to zero and come back (safe-cycle H6, H30, W5, W8). */
export function checkGroups({ observation, settings, refreshes }: Facts): Check {
  return checkReading("groups", observation, (seen) => {
    const notes = { warnings: [] as string[] };
    const warmPools = judgeWarmPools(seen, settings.scaling.warmPools, notes);
    warnOfStrangers(seen, notes);
    return [
      ...[refuseGroups(seen.groups), refuseInstances(seen.instances), warmPools].flatMap((failure) =>
        failure === null ? [] : [blocking(failure)],
      ),
      ...launchFindings(seen),
      ...seen.instances.flatMap(hookFindings),
      ...seen.groups.flatMap(healthFindings),
      ...refreshFindings(refreshes),
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

function hookFindings({ groupId, instances }: GroupInstances): readonly Finding[] {
  const hooked = hookedInstances(instances);
  if (hooked.length === 0) return [];
  return [
    warning(
      `A lifecycle hook of ${groupId} holds ${namesOf(hooked)} (Pending:Wait).`,
      "Nothing to do if it goes on within minutes; a hook that nobody completes holds up the wake as well: delete it.",
    ),
  ];
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

/** It goes on replacing instances while Curfew drains them (safe-cycle H6). */
function refreshFindings(refreshes: Facts["refreshes"]): readonly Finding[] {
  if (!refreshes.isKnown) return [unknown(refreshes.failure)];
  return refreshes.value.map(({ groupId, status }) =>
    warning(
      `${groupId} has an instance refresh under way (${status}): it goes on replacing instances while they are drained.`,
      "Nothing to do if it ends before the night; else `aws autoscaling cancel-instance-refresh`.",
    ),
  );
}
