import type { PermissionAnswer } from "../../ports/index.js";
import { blocked, checkOf, note, unknown, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";

/** What IAM would say to the calls of a hibernate and a wake, by simulation. */
export function checkIam({ permissions }: Facts): Check {
  if (!permissions.isKnown) {
    const { code, message, remedy } = permissions.failure;
    const allow = "Allow iam:SimulatePrincipalPolicy on the role itself to have this checked; runs do without it.";
    return checkOf("iam", [unknown({ message, remedy: code === "permission-denied" ? allow : remedy })]);
  }
  const answers = permissions.value;
  const of = (verdict: PermissionAnswer["verdict"]) => answers.filter((answer) => answer.verdict === verdict);
  return checkOf("iam", [
    ...byAction(of("denied")).map(([action, targets]) =>
      blocked(`IAM denies ${action} on ${targets}.`, `Allow ${action} in the policy of the role that Curfew assumes.`),
    ),
    ...byAction(of("undecided")).map(([action, targets]) =>
      warning(
        `Whether IAM allows ${action} on ${targets} hangs on a condition that only a real call meets.`,
        "Check the condition in the role's policy.",
      ),
    ),
    ...allowed(of("allowed").length, answers.length),
  ]);
}

function byAction(answers: readonly PermissionAnswer[]): readonly (readonly [action: string, targets: string])[] {
  return [...Map.groupBy(answers, ({ action }) => action)].map(([action, same]) => [
    action,
    same.map(({ on }) => (typeof on === "string" ? `the ${on}` : on.id)).join(", "),
  ]);
}

function allowed(count: number, all: number): readonly Finding[] {
  return count === all && all > 0 ? [note(`IAM allows all ${all} calls that were asked about.`)] : [];
}
