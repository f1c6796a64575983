import assert from "node:assert/strict";
import { judgeEviction, type EvictionVerdict } from "../../../runtime/adapters/kubernetes/judge-eviction.js";
import { readServerAnswer } from "../../../runtime/adapters/kubernetes/server-answer.js";
import { statusBody } from "./stub-api-server.js";

interface Case {
  readonly that: string;
  readonly status: number;
  readonly message: string;
  readonly details?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly means: EvictionVerdict;
}

const BUDGET_REFUSAL = "Cannot evict pod as it would violate the pod's disruption budget.";
const NEEDS_TWO = "The disruption budget web needs 2 healthy pods and has 2 currently";
const BEHIND = "The disruption budget web is still being processed by the server.";
const TWO_BUDGETS = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
const WEBHOOK_DENIED = 'admission webhook "guard.example.com" denied the request: not now';
const WEBHOOK_FAILED = 'Internal error occurred: failed calling webhook "guard.example.com": context deadline exceeded';
const NAMESPACE =
  'pods "web-1" is forbidden: unable to create new content in namespace shop because it is being terminated';
const RBAC = 'pods "web-1" is forbidden: User "curfew" cannot create resource "pods/eviction"';
const TOO_BIG =
  'poddisruptionbudgets "web" is forbidden: DisruptedPods map too big - too many evictions not confirmed by PDB controller';

const CASES: readonly Case[] = [
  { that: "takes 404 as gone (27)", status: 404, message: 'pods "web-1" not found', means: { kind: "gone" } },
  {
    that: "waits for an exhausted budget, in the budget's own words (30)",
    status: 429,
    message: BUDGET_REFUSAL,
    details: { causes: [{ reason: "DisruptionBudget", message: NEEDS_TWO }] },
    means: { kind: "budget-exhausted", message: NEEDS_TWO },
  },
  {
    that: "knows a budget whose controller is behind, with the server's hint (31)",
    status: 429,
    message: BUDGET_REFUSAL,
    details: { causes: [{ reason: "DisruptionBudget", message: BEHIND }], retryAfterSeconds: 10 },
    headers: { "retry-after": "10" },
    means: { kind: "budget-stale", message: BEHIND, retryAfterMs: 10_000 },
  },
  {
    that: "takes a 429 without a cause for API throttling (32)",
    status: 429,
    message: "Too many requests, please try again later.",
    headers: { "retry-after": "3" },
    means: { kind: "throttled", retryAfterMs: 3_000 },
  },
  {
    that: "needs no hint to see API throttling (32)",
    status: 429,
    message: "Too many requests, please try again later.",
    means: { kind: "throttled", retryAfterMs: null },
  },
  {
    that: "never retries a pod under two budgets, though the reason is empty (33)",
    status: 500,
    message: TWO_BUDGETS,
    means: { kind: "several-budgets", message: TWO_BUDGETS },
  },
  {
    that: "asks for another look at a UID mismatch (28)",
    status: 409,
    message: "Precondition failed: UID in precondition: a, UID in object meta: b",
    details: { kind: "Pod" },
    means: { kind: "conflict", message: "Precondition failed: UID in precondition: a, UID in object meta: b" },
  },
  {
    that: "knows contention on the budget (28)",
    status: 409,
    message: "Operation cannot be fulfilled on poddisruptionbudgets",
    details: { kind: "poddisruptionbudgets" },
    means: { kind: "budget-contention", message: "Operation cannot be fulfilled on poddisruptionbudgets" },
  },
  {
    that: "sees a terminating namespace behind a 403 (35)",
    status: 403,
    message: NAMESPACE,
    details: { causes: [{ reason: "NamespaceTerminating", message: "namespace shop is being terminated" }] },
    means: { kind: "namespace-terminating", message: NAMESPACE },
  },
  {
    that: "takes a bare 403 for a missing permission (35)",
    status: 403,
    message: RBAC,
    means: { kind: "forbidden", message: RBAC },
  },
  {
    that: "waits out a budget with too many unconfirmed evictions (35)",
    status: 403,
    message: TOO_BIG,
    means: { kind: "budget-stale", message: TOO_BIG, retryAfterMs: null },
  },
  {
    that: "tells a webhook's denial from a missing permission (34)",
    status: 403,
    message: WEBHOOK_DENIED,
    means: { kind: "webhook-refused", message: WEBHOOK_DENIED },
  },
  {
    that: "tells a webhook's 429 from API throttling (34)",
    status: 429,
    message: WEBHOOK_DENIED,
    means: { kind: "webhook-refused", message: WEBHOOK_DENIED },
  },
  {
    that: "tells a failing webhook from a failing server (34)",
    status: 500,
    message: WEBHOOK_FAILED,
    means: { kind: "webhook-refused", message: WEBHOOK_FAILED },
  },
  {
    that: "looks again after a server error (37)",
    status: 503,
    message: "etcdserver: leader changed",
    means: { kind: "transient", message: "etcdserver: leader changed" },
  },
  {
    that: "looks again after the server's own time-out (29)",
    status: 504,
    message: "Timeout: request did not complete within requested timeout",
    means: { kind: "transient", message: "Timeout: request did not complete within requested timeout" },
  },
  {
    that: "does not repeat a request that the server calls wrong (22)",
    status: 400,
    message: "name in URL does not match name in Eviction object",
    means: { kind: "forbidden", message: "name in URL does not match name in Eviction object" },
  },
];

describe("judging a refused eviction", () => {
  for (const { that, status, message, details, headers, means } of CASES) {
    it(that, () => {
      const answer = readServerAnswer(status, JSON.stringify(statusBody(status, message, details)), headers);
      assert.deepEqual(judgeEviction(answer), means);
    });
  }

  it("survives an answer that is no Status, as a proxy gives", () => {
    const answer = readServerAnswer(502, "<html>Bad Gateway</html>");
    assert.deepEqual(judgeEviction(answer), { kind: "transient", message: "<html>Bad Gateway</html>" });
  });
});
