import * as z from "zod";

/** Shared by the rules that compare with the stack's previous state. */
export const stateField = {
  unreadableState: z
    .enum(["refuse", "allow"])
    .default("refuse")
    .describe("What becomes of a run whose stack's previous state cannot be read."),
};
