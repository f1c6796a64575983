import assert from "node:assert/strict";
import * as fc from "fast-check";

import type { DrainSettings } from "../../runtime/drain/settings.js";
import type { EvictionAnswer, PodFacts } from "../../runtime/ports/index.js";
import { budget, daemonPod, node, pod } from "./fixtures.js";
import { callsTo, runDrain } from "./run-drain.js";

const NODES = ["a", "b", "c"] as const;

const anyPod = fc.record({
  nodeName: fc.constantFrom(...NODES),
  app: fc.constantFrom("api", "web", "free"),
  kind: fc.constantFrom(
    "plain",
    "plain",
    "plain",
    "plain",
    "bare",
    "daemon",
    "mirror",
    "finished",
    "critical",
    "marked",
    "stuck",
  ),
  graceSeconds: fc.constantFrom(1, 10, 900),
});

const anyAnswer: fc.Arbitrary<EvictionAnswer> = fc.constantFrom(
  { kind: "budget-exhausted", message: "no" },
  { kind: "budget-contention", message: "busy" },
  { kind: "throttled", retryAfterMs: 2000 },
  { kind: "transient", message: "reset" },
  { kind: "webhook-refused", message: "no" },
);

function build(
  { nodeName, app, kind, graceSeconds }: { nodeName: string; app: string; kind: string; graceSeconds: number },
  index: number,
): PodFacts {
  const given: Partial<PodFacts> = { graceSeconds };
  switch (kind) {
    case "bare":
      return pod(`${app}-${index}`, nodeName, { ...given, controller: null });
    case "daemon":
      return daemonPod(`daemon-${index}`, nodeName, given);
    case "mirror":
      return pod(`mirror-${index}`, nodeName, { ...given, isMirror: true });
    case "finished":
      return pod(`${app}-${index}`, nodeName, { ...given, phase: "Succeeded", isReady: false });
    case "critical":
      return pod(`${app}-${index}`, nodeName, { ...given, priority: 2_000_000_000 });
    case "marked":
      return pod(`${app}-${index}`, nodeName, { ...given, annotations: { "karpenter.sh/do-not-disrupt": "true" } });
    case "stuck":
      return pod(`${app}-${index}`, nodeName, { ...given, finalizers: ["example.com/hold"] });
    default:
      return pod(`${app}-${index}`, nodeName, given);
  }
}

describe("whatever a drain meets", () => {
  it("every pod ends in exactly one outcome, force keeps grace of at least 1, refused nodes stay untouched, bounds hold", async function () {
    this.timeout(30_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPod, { maxLength: 25 }),
        fc.constantFrom<DrainSettings["policy"]>("wait", "scale-owners", "force-at-deadline"),
        fc.boolean(),
        fc.dictionary(fc.constantFrom("api-0", "web-1", "free-2", "api-3"), fc.array(anyAnswer, { maxLength: 3 })),
        async (kinds, policy, deleteUnmanagedPods, answers) => {
          const pods = kinds.map(build);
          const { report, world, tookMs } = await runDrain({
            nodes: NODES.map((name) => node(name)),
            pods,
            budgets: [budget("api", 1), budget("web", 0)],
            answers,
            settings: { policy, deleteUnmanagedPods, timeoutSeconds: 60, maxPodsInFlight: 4, maxNodes: 2 },
          });
          const counted = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
          assert.equal(counted, pods.length);
          assert.deepEqual(report.pods.map(({ uid }) => uid).sort(), pods.map(({ uid }) => uid).sort());
          assert.ok(callsTo(world, "delete").every(({ graceSeconds = 0 }) => graceSeconds >= 1));
          assert.ok(policy === "force-at-deadline" || callsTo(world, "delete").length === 0);
          assert.ok(world.peakInFlight <= 4);
          assert.ok(tookMs <= 91_100, `took ${tookMs} ms`);
          const refused = new Set(
            report.pods.filter(({ outcome }) => outcome === "refused").map(({ node: name }) => name),
          );
          assert.ok(report.pods.every(({ node: name, attempts }) => !refused.has(name) || attempts === 0));
          const isEmptied = report.outcome === "drained" || report.outcome === "drained-with-force";
          const stays = new Set(report.pods.filter(({ outcome }) => outcome === "skipped").map(({ uid }) => uid));
          if (isEmptied)
            assert.deepEqual(
              [...world.pods.keys()].filter((uid) => !stays.has(uid)),
              [],
            );
        },
      ),
      { numRuns: 60 },
    );
  });
});
