import * as z from "zod";

import { isCovered, isWrite } from "../iam/actions.js";
import type { Statement } from "../iam/document.js";
import { isSpoke } from "../iam/is-spoke.js";
import { CARRIERS, permissionsIn } from "../iam/roles-in.js";
import { resourceRule } from "../rule.js";

const config = z.strictObject({
  tag: z.string().min(1).default("curfew:managed").describe("The tag without which a spoke role may change nothing."),
  allowed: z
    .array(z.strictObject({ actions: z.array(z.string().min(1)).min(1), reason: z.string().min(1) }))
    .default([
      { actions: ["iam:PassRole"], reason: "EKS Auto Mode is given its nodes' role back; only EKS may be passed it" },
      { actions: ["lambda:InvokeFunction"], reason: "A relay allows nothing that the cluster does not allow" },
    ])
    .describe("Changes that need no tag, and why."),
});

/** The last of the four places in which excluded means excluded: IAM (design §3.8). */
export const spokeTags = () =>
  resourceRule({
    name: "spoke-tags",
    says: "A spoke role changes only what is marked as Curfew's.",
    whatToDo: "Add the condition aws:ResourceTag/curfew:managed, or declare the exception with its reason.",
    config,
    types: CARRIERS,
    *check(resource, settings) {
      if (!isSpoke(resource.urn)) return;
      for (const { of, statements } of permissionsIn(resource))
        for (const statement of statements) yield* checkStatement(of, statement, settings);
    },
  });

function* checkStatement(
  of: string,
  statement: Statement,
  { tag, allowed }: z.output<typeof config>,
): Iterable<string> {
  const { sid, effect, actions, conditions } = statement;
  const isTagged = conditions[`aws:ResourceTag/${tag}`]?.includes("true") ?? false;
  if (effect !== "Allow" || isTagged) return;
  const exceptions = allowed.flatMap((exception) => exception.actions);
  const changes = actions.filter((action) => isWrite(action) && !isCovered(action, exceptions));
  if (changes.length > 0) yield `${of}, statement ${sid}, allows ${changes.join(", ")} without the tag ${tag}`;
}
