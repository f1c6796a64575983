import * as z from "zod";

import { beginTarget, groupsOf, lookAtTarget, parseOrder, type CampaignPorts } from "../fleet/campaign/index.js";
import { failureInfo } from "../ports/index.js";
import { once } from "./once.js";
import type { WriteLog } from "./write-log.js";

/** What campaigns need, put together. */
export interface CampaignWork {
  readonly ports: CampaignPorts;
  readonly log: WriteLog;
}

const holdSchema = z.object({
  state: z.enum(["running", "hibernated"]),
  until: z.number(),
  reason: z.string(),
  owner: z.string(),
});
const target = { clusterId: z.string(), hold: holdSchema };

/** What the state machine sends (components/campaign/definition.ts). */
const eventSchema = z.discriminatedUnion("action", [
  z.object({ action: z.literal("plan"), order: z.unknown() }),
  z.object({ action: z.literal("begin"), ...target }),
  z.object({
    action: z.literal("look"),
    ...target,
    begunAt: z.number(),
    deadlineSeconds: z.number(),
    /** Step Functions' context of the execution; it says when one was redriven only if it was. */
    execution: z.object({ RedriveTime: z.iso.datetime({ offset: true }).optional() }),
  }),
]);

type CampaignEvent = z.output<typeof eventSchema>;

/**
 * One action of a campaign for each event: `plan` reads the order, `begin` sets a cluster's hold, `look` says whether it is
 * there. Rejects with errors that are named by our failure codes, because a state machine catches by name.
 */
export function createCampaignHandler(compose: () => Promise<CampaignWork>): (event: unknown) => Promise<object> {
  const opened = once(compose);
  return async (event) => {
    const { ports, log } = await opened();
    try {
      return await act(eventSchema.parse(event), ports);
    } catch (error) {
      const { code, message, remedy } = failureInfo(error);
      log("warn", message, { data: { code, remedy } });
      throw Object.assign(new Error(`${message} ${remedy}`, { cause: error }), { name: code });
    }
  };
}

async function act(event: CampaignEvent, ports: CampaignPorts): Promise<object> {
  switch (event.action) {
    case "plan":
      return plan(event.order, ports);
    case "begin":
      return beginTarget(event, ports);
    case "look": {
      const { RedriveTime } = event.execution;
      const redrivenAt = RedriveTime === undefined ? null : Date.parse(RedriveTime);
      return lookAtTarget({ ...event, redrivenAt }, ports);
    }
  }
}

async function plan(order: unknown, { fleet }: CampaignPorts): Promise<object> {
  const requested = parseOrder(order);
  const { state, until, reason, owner, toleratedFailurePercentage, deadlineSeconds } = requested;
  return {
    groups: await groupsOf(requested, fleet),
    hold: { state, until: Date.parse(until), reason, owner },
    toleratedFailurePercentage,
    deadlineSeconds,
  };
}
