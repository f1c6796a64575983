import { CHECKS, type Check } from "../check.js";
import type { Facts } from "../facts.js";
import { checkAccess } from "./access.js";
import { checkAddOns } from "./add-ons.js";
import { checkAddresses } from "./addresses.js";
import { checkBudgets } from "./budgets.js";
import { checkDuration } from "./duration.js";
import { checkGroups } from "./groups.js";
import { checkIam } from "./iam.js";
import { checkLaunchTemplates } from "./launch-templates.js";
import { checkMeasures } from "./measures.js";
import { checkPods } from "./pods.js";
import { checkQuotas } from "./quotas.js";
import { checkRbac } from "./rbac.js";
import { checkRecord } from "./record.js";
import { checkWebhooks } from "./webhooks.js";

/** Pure: every check over what was read, in the order of {@link CHECKS}. */
export function runChecks(facts: Facts): readonly Check[] {
  const done = [
    checkAccess(facts),
    checkRecord(facts),
    checkIam(facts),
    checkRbac(facts),
    checkGroups(facts),
    checkAddOns(facts),
    checkPods(facts),
    checkBudgets(facts),
    checkWebhooks(facts),
    ...checkMeasures(facts),
    checkAddresses(facts),
    checkLaunchTemplates(facts),
    checkQuotas(facts),
    checkDuration(facts),
  ];
  return done.toSorted((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check));
}
