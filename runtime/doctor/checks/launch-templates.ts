import { blocked, note, type Check } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";

/** Whether what groups launch from still exists (safe-cycle H6, W5). */
export function checkLaunchTemplates({ launchTemplates }: Facts): Check {
  return checkReading("launch-templates", launchTemplates, (all) => {
    const gone = all.filter(({ exists }) => !exists);
    if (gone.length === 0) return all.length === 0 ? [] : [note(`${all.length} launch template(s) exist.`)];
    return gone.map(({ groupId, template }) =>
      blocked(
        `${groupId} launches from template ${template}, which does not exist: once asleep it would not wake.`,
        "Give the group a launch template and version that exist.",
      ),
    );
  });
}
