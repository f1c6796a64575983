import * as z from "zod";

import { parseClusterId, type WorkItem } from "../../ports/index.js";

/** A work item as it lies in a queue. The trace context is an attribute, where tools that know nothing of us find it. */
export interface WorkMessage {
  readonly body: string;
  readonly traceparent: string | null;
}

/** What of a Lambda event's record carries the item. */
export interface WorkRecord {
  readonly body: string;
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string | undefined }>> | undefined;
}

export type ParsedWorkItem =
  | { readonly kind: "item"; readonly item: WorkItem }
  /** Nobody will ever be able to work on it. */
  | { readonly kind: "poison"; readonly reason: string };

/** Name of the message attribute, as W3C's trace context has it. */
export const TRACEPARENT = "traceparent";

/** Fields that a newer planner adds are no reason to refuse a message: both are replaced one after the other. */
const bodySchema = z.object({
  clusterId: z.string().refine((id) => parseClusterId(id) !== undefined, "is not account/region/name"),
  operationId: z.string().min(1),
  claimedAt: z.number(),
  hop: z.int().min(0),
});

/** The item as a message; {@link parseWorkItem} reads it. */
export function workMessage({ traceparent, ...body }: WorkItem): WorkMessage {
  return { body: JSON.stringify(body), traceparent };
}

/** Reads a record of a Lambda event. Never throws: what is no work item is poison, with the reason. */
export function parseWorkItem({ body, messageAttributes }: WorkRecord): ParsedWorkItem {
  const parsed = bodySchema.safeParse(parseJson(body));
  if (!parsed.success) return { kind: "poison", reason: z.prettifyError(parsed.error) };
  return { kind: "item", item: { ...parsed.data, traceparent: messageAttributes?.[TRACEPARENT]?.stringValue ?? null } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
