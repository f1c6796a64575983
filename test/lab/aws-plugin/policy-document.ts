import { z } from "zod";

/**
 * A policy, as text or as an object, with what IAM refuses and the emulator takes: no JSON, no statements, a statement
 * without an effect. Comes out as text.
 */
export const policyDocument = (maxCharacters: number) =>
  z
    .union([z.string(), z.looseObject({})])
    .transform((given) => (typeof given === "string" ? given : JSON.stringify(given)))
    .refine(isPolicy, "is no policy: JSON with Version and Statements, each with an Effect of Allow or Deny")
    .refine((text) => text.replaceAll(/\s/g, "").length <= maxCharacters, `is longer than ${maxCharacters} characters`);

const STATEMENT = z.looseObject({ Effect: z.enum(["Allow", "Deny"]) });
const POLICY = z.looseObject({
  Version: z.enum(["2012-10-17", "2008-10-17"]),
  Statement: z.union([STATEMENT, z.array(STATEMENT).nonempty()]),
});

function isPolicy(text: string): boolean {
  try {
    return POLICY.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
