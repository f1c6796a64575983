import assert from "node:assert/strict";

import { untilReady } from "../workload.js";
import { webhookNow, type FailClosedWebhook } from "./fail-closed-webhook.js";
import { lastReport } from "./last-report.js";
import { say } from "./narrate.js";
import { refusalOf } from "./rehearse-pod.js";

/** What Curfew calls the pod whose creation it rehearses to try a webhook out. */
const REHEARSAL = "curfew-rehearsal";

/** Tells how the wake gave the webhook back, and fails unless it is in force and field for field what it was. */
export async function showRestored(webhook: FailClosedWebhook, statePath: string): Promise<void> {
  const { cluster, guard, before } = webhook;
  const report = await lastReport(statePath, cluster);
  assert.ok(report, "The wake left no report.");
  assert.equal(report.relaxedWebhooks, undefined, "A webhook was left relaxed.");
  say(`${seconds(report.wake?.firstReadyNodeMs)} after the wake began: the first node is Ready.`);
  await untilReady(cluster.admin, guard.named, 1);
  say(
    `${seconds(report.wake?.webhooksRestoredMs)} after it began: the guard has served for 10 s, its webhook is back.`,
  );

  const rehearsals = guard.backend.reviews.filter(({ name }) => name === REHEARSAL);
  assert.notEqual(rehearsals.length, 0, "Curfew did not try the webhook out.");
  const where = rehearsals.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
  say(`Curfew tried it out: the guard was asked about ${where} (a dry run) and answered.`);

  assert.deepEqual(await webhookNow(cluster), before, "The webhook is not what it was.");
  const { failurePolicy, namespaceSelector, ...others } = before.webhook;
  say("The webhook is what it was in the evening, field for field:");
  say(`  failurePolicy ${failurePolicy}, namespaceSelector ${JSON.stringify(namespaceSelector)}`);
  say(`  and ${Object.keys(others).join(", ")}`);
  await showInForce(webhook);
}

/** Rehearses one more pod, as anybody else would create one. */
async function showInForce({ cluster, guard }: FailClosedWebhook): Promise<void> {
  const asked = guard.backend.reviews.length;
  const named = { namespace: "kube-system", name: "morning" };
  assert.equal(await refusalOf(cluster, named), null, "The webhook's server does not answer.");
  assert.ok(guard.backend.reviews.length > asked, "The webhook is not asked.");
  say("It guards every pod again, kube-system's too.");
}

function seconds(durationMs: number | null | undefined): string {
  assert.ok(typeof durationMs === "number", "The report of the wake lacks a mark.");
  return `${(durationMs / 1000).toFixed(1)} s`;
}
