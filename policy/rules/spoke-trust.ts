import * as z from "zod";

import type { Statement } from "../iam/document.js";
import { isSpoke } from "../iam/is-spoke.js";
import { CARRIERS, trustsIn } from "../iam/roles-in.js";
import { resourceRule } from "../rule.js";

/** One role, written out: no wildcard, not a whole account. */
const EXACT_ROLE = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** Both are needed: a role of that name may be made anew by somebody else, and an organisation has many roles (aws.md §2). */
export const spokeTrust = () =>
  resourceRule({
    name: "spoke-trust",
    says: "A spoke role trusts exact roles of the organisation, and nobody else.",
    whatToDo: "Name the ARN of the hub's worker role, with the condition aws:PrincipalOrgID.",
    config: z.strictObject({}),
    types: CARRIERS,
    *check(resource) {
      if (!isSpoke(resource.urn)) return;
      for (const { of, statements } of trustsIn(resource))
        for (const statement of statements) yield* checkTrust(of, statement);
    },
  });

function* checkTrust(of: string, { effect, principals, conditions, isInverted }: Statement): Iterable<string> {
  if (effect !== "Allow") return;
  if (isInverted) yield `${of} trusts everybody but whom it names`;
  for (const principal of Object.values(principals).flat())
    if (!EXACT_ROLE.test(principal)) yield `${of} trusts ${principal}, which is no exact role`;
  const organizations = conditions["aws:PrincipalOrgID"] ?? [];
  if (organizations.length === 0 || organizations.some((id) => !/^o-[a-z0-9]+$/.test(id)))
    yield `${of} trusts roles outside of the organisation`;
}
