import { decide, describeRelaxed } from "../../cycle/index.js";
import { blocking, checkOf, unknown, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";

/** Whether what Curfew remembers lets it wake the cluster, and how its last run left it (safe-cycle H5, W1, W15). */
export function checkRecord(facts: Facts): Check {
  return checkOf("record", [...wakeFindings(facts), ...lastRunFindings(facts)]);
}

function wakeFindings({ entry, observation }: Facts): readonly Finding[] {
  if (entry?.code.startsWith("snapshot-")) return [blocking(entry)];
  if (!observation.isKnown) return [];
  const decision = decide({ desired: "running", origin: "person", minNodes: 0, forget: false }, observation.value);
  // What stops both directions is told by the check of access.
  return decision.action === "stop" && decision.failure.code.startsWith("snapshot-")
    ? [blocking(decision.failure)]
    : [];
}

function lastRunFindings({ reached, now, settings }: Facts): readonly Finding[] {
  if (!reached.isKnown) return [unknown(reached.failure)];
  const last = reached.value;
  if (last === null) return [];
  const relaxed = (last.relaxedWebhooks ?? []).map((webhook) =>
    warning(
      describeRelaxed(webhook, now, settings.webhooks.relaxedAlarmMinutes),
      "Repair what answers for it, then run `curfew wake` once more: it gives the webhook back.",
    ),
  );
  if (last.failureCode === null) return relaxed;
  return [
    ...relaxed,
    warning(`The last run ended ${last.result} [${last.failureCode}].`, "`curfew report --last` tells what happened."),
  ];
}
