import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import { webhookNow, type FailClosedWebhook } from "./fail-closed-webhook.js";
import { lastReport } from "./last-report.js";
import { say } from "./narrate.js";

/** Tells what the night's report says of the webhook, and which of its fields are others now. */
export async function showRelaxed({ cluster, before }: FailClosedWebhook, statePath: string): Promise<void> {
  const report = await lastReport(statePath, cluster);
  const said = report?.warnings.filter((warning) => warning.includes(before.webhook.name)) ?? [];
  assert.notEqual(said.length, 0, "The report does not name the webhook that was relaxed.");
  say("Curfew's report of the night:");
  for (const sentence of said) say(`  ${sentence}`);

  const { webhook } = await webhookNow(cluster);
  const changes = changesOf(before.webhook, webhook);
  assert.notEqual(changes.length, 0, "The webhook was not relaxed.");
  say("What it changed of the webhook, and will give back:");
  for (const change of changes) say(`  ${change}`);
}

function changesOf(before: object, now: object): readonly string[] {
  const original = new Map<string, unknown>(Object.entries(before));
  return Object.entries(now)
    .filter(([field, value]) => !isDeepStrictEqual(value, original.get(field)))
    .map(([field, value]) => `${field}: from ${JSON.stringify(original.get(field))} to ${JSON.stringify(value)}`);
}
