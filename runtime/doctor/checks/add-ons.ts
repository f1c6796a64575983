import type { AddOn } from "../../ports/index.js";
import { note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";

/** Whether EKS's add-ons are well now; at zero nodes some turn DEGRADED in any case (safe-cycle H6, H36). */
export function checkAddOns({ addOns, observation }: Facts): Check {
  const isAsleep = observation.isKnown && observation.value.cycle !== null && observation.value.nodes.length === 0;
  return checkReading("add-ons", addOns, (all) => {
    const ill = all.filter(({ status }) => status !== "ACTIVE");
    if (ill.length > 0) return ill.map((addOn) => (isAsleep ? asleepNote(addOn) : findingOf(addOn)));
    return all.length === 0 ? [] : [note(`${all.length} add-on(s) of EKS are ACTIVE.`)];
  });
}

function findingOf({ name, status, issues }: AddOn): Finding {
  const why = issues.length === 0 ? "" : ` (${issues.join("; ")})`;
  return warning(
    `Add-on ${name} is ${status}${why}.`,
    "Mend it first: a wake waits for what it runs. No `pulumi up` of an add-on while the cluster sleeps.",
  );
}

function asleepNote({ name, status }: AddOn): Finding {
  return note(`Add-on ${name} is ${status}, as is usual without nodes.`);
}
