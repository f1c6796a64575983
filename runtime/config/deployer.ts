import * as z from "zod";

/** `curfew:deployer`: how `curfew deploy` spreads an environment's clusters over stacks. */
export const deployerSchema = z.strictObject({
  clustersPerStack: z
    .number()
    .int()
    .min(1)
    .max(300)
    .default(100)
    .describe("Most clusters that one stack holds; the time of an up grows with its square."),
});

/** The deployer's settings, complete. */
export type DeployerSettings = Readonly<z.output<typeof deployerSchema>>;
