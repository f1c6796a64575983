import * as z from "zod";
import { CLOSED, type Circuit } from "./circuit.js";

const opened = {
  until: z.number(),
  trouble: z.enum(["auth", "throttled"]),
  openedAt: z.number(),
  openings: z.number(),
  isPutOffTold: z.boolean().default(false),
};
const circuitSchema = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("closed"),
    refusals: z.number(),
    throttles: z.object({ since: z.number(), runs: z.number(), throttled: z.number() }).nullable(),
  }),
  z.object({ state: z.literal("open"), ...opened }),
  z.object({ state: z.literal("half-open"), ...opened }),
]);

/** The circuit on a page of the ledger; closed where there is none, or none that can be read. */
export function readCircuit(body: string | null): Circuit {
  if (body === null) return CLOSED;
  try {
    return circuitSchema.parse(JSON.parse(body));
  } catch {
    return CLOSED;
  }
}

/** The other way round. */
export function writeCircuit(circuit: Circuit): string {
  return JSON.stringify(circuit);
}
