import * as z from "zod";

import type { ApiObject } from "../../ports/index.js";

/** What a controller said when the API server did not let it create a pod. */
export interface FailedCreate {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** As the server worded it. */
  readonly message: string;
  /** When it was last said. */
  readonly lastAt: number;
}

/** Reason under which controllers report it. */
export const FAILED_CREATE = "FailedCreate";

/**
 * A controller whose creations failed for long waits up to 16 minutes before it tries again (safe-cycle W12), so what it
 * said within that time may still be how things are.
 */
const RECENT_MS = 20 * 60_000;

const eventSchema = z.object({
  involvedObject: z.object({ kind: z.string(), namespace: z.string().default(""), name: z.string() }),
  reason: z.literal(FAILED_CREATE),
  message: z.string().default(""),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ lastObservedTime: z.string().nullish() }).nullish(),
});

/** The recent complaints among these events, the latest of each controller, sorted by controller. */
export function readFailedCreates(events: readonly ApiObject[], now: number): readonly FailedCreate[] {
  const latest = new Map<string, FailedCreate>();
  for (const event of events) {
    const found = readFailedCreate(event);
    if (!found || now - found.lastAt > RECENT_MS) continue;
    const key = `${found.kind} ${found.namespace}/${found.name}`;
    if ((latest.get(key)?.lastAt ?? -Infinity) < found.lastAt) latest.set(key, found);
  }
  return [...latest].sort(([a], [b]) => a.localeCompare(b)).map(([, found]) => found);
}

function readFailedCreate(event: ApiObject): FailedCreate | null {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return null;
  const { involvedObject, message, lastTimestamp, eventTime, series } = parsed.data;
  const instants = [series?.lastObservedTime, lastTimestamp, eventTime, event.metadata.creationTimestamp];
  const known = instants.map((text) => Date.parse(text ?? "")).filter((at) => !Number.isNaN(at));
  return { ...involvedObject, message, lastAt: Math.max(...known, 0) };
}

/** The webhook that a refusal names; null when none does. */
export interface BlamedWebhook {
  readonly webhook: string;
  /** Its backend as `namespace/name`, where the message says so. */
  readonly service: string | null;
  /** It answered, and said no; otherwise it could not be reached. */
  readonly isDenial: boolean;
}

/** Reads the webhook out of the API server's words. */
export function blamedWebhook(message: string): BlamedWebhook | null {
  const denied = /admission webhook "([^"]+)" denied/.exec(message)?.[1];
  if (denied !== undefined) return { webhook: denied, service: null, isDenial: true };
  const failed = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  if (failed === undefined) return null;
  const [, name, namespace] = /https:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.svc[:/]/.exec(message) ?? [];
  return { webhook: failed, service: name === undefined ? null : `${namespace ?? ""}/${name}`, isDenial: false };
}
