import type { RightAnswer } from "../ask-rights.js";
import { blocked, note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";
import type { Need } from "../rights.js";

const FULL_CYCLE = "Bind the full-cycle role (stacks/rbac/full-cycle.yaml), or switch the measure off in settings.";
const DRAIN_ONLY = "Bind one of the roles in stacks/rbac to the group of Curfew's access entry.";

/** Which of its rights in the cluster Curfew lacks, by what they are for. */
export function checkRbac({ rights }: Facts): Check {
  return checkReading("rbac", rights, (answers) => {
    const lacking = answers.filter(({ missing }) => missing.length > 0);
    if (lacking.length === 0) return [note(`RBAC grants all ${answers.length} rights that were asked about.`)];
    return [...Map.groupBy(lacking, ({ need }) => need)].map(([need, same]) => findingOf(need, same));
  });
}

function findingOf(need: Need, lacking: readonly RightAnswer[]): Finding {
  const may = lacking
    .map(({ missing, resource, group }) => `${missing.join("/")} ${resource}${inGroup(group)}`)
    .join(", ");
  switch (need) {
    case "drain":
      return blocked(`Curfew cannot drain: it may not ${may}.`, DRAIN_ONLY);
    case "scale-owners":
      return blocked(`The policy scale-owners cannot be carried out: Curfew may not ${may}.`, DRAIN_ONLY);
    case "events":
      return warning(`Pods that stay blocked get no event: Curfew may not ${may}.`, DRAIN_ONLY);
    case "volumes":
      return warning(`Volumes are not waited for or cleaned up in full: Curfew may not ${may}.`, FULL_CYCLE);
    case "leftovers":
      return warning(`Nodes whose instance is gone are left to EKS to remove: Curfew may not ${may}.`, FULL_CYCLE);
    case "wake":
      return warning(`A wake that hangs is explained less well: Curfew may not ${may}.`, FULL_CYCLE);
    case "doctor":
      return warning(`Curfew may not ask what it may do: it may not ${may}.`, DRAIN_ONLY);
    default:
      return warning(`The measure ${need} is skipped: Curfew may not ${may}.`, FULL_CYCLE);
  }
}

function inGroup(group: string): string {
  return group === "" ? "" : `.${group}`;
}
