import * as z from "zod";

/** Which AWS resources a rule about the hub looks at. */
export const scopeField = {
  scope: z
    .enum(["curfew", "all"])
    .default("curfew")
    .describe("curfew: what Curfew's components make; all: every resource of the stack."),
};

/** Whether a resource is looked at. Components stand in the URNs of what they make. */
export const isInScope = (urn: string, { scope }: { readonly scope: "curfew" | "all" }): boolean =>
  scope === "all" || urn.includes("::curfew:index:");
