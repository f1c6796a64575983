import assert from "node:assert/strict";

import { judgePod } from "../../runtime/drain/verdict.js";
import type { PodFacts } from "../../runtime/ports/index.js";
import { daemonPod, pod, settings } from "./fixtures.js";

const OLD_DAEMON = "shop/old";
/** Reasons against an eviction that an earlier filter makes pointless. */
const LATER_REASONS = { hasEmptyDir: true, annotations: { "karpenter.sh/do-not-disrupt": "true" } } as const;

function judge(facts: PodFacts) {
  const orphanedDaemonSets = new Set([OLD_DAEMON]);
  return judgePod(facts, { settings: settings(), now: 0, orphanedDaemonSets, isSpared: () => false });
}

describe("a pod's verdict", () => {
  const ended: readonly [words: string, facts: PodFacts, disposition: string][] = [
    ["terminating", pod("api-1", "a", { ...LATER_REASONS, deletionAt: 1 }), "leaving"],
    ["a DaemonSet's", daemonPod("proxy-1", "a", LATER_REASONS), "skip"],
    ["a static one", pod("etcd-1", "a", { ...LATER_REASONS, controller: null, isMirror: true }), "skip"],
  ];
  for (const [words, facts, disposition] of ended) {
    it(`of one that is ${words} asks no later filter`, () => {
      const verdict = judge(facts);
      assert.equal(verdict.disposition, disposition);
      assert.doesNotMatch([...verdict.reasons, ...verdict.warnings].join(), /emptyDir|do-not-disrupt|controller/);
    });
  }

  it("puts a refusal before a mark, and gives every reason for it in the fixed order", () => {
    const { disposition, reasons } = judge(daemonPod("old-1", "a", LATER_REASONS));
    assert.equal(disposition, "refuse");
    assert.deepEqual(
      reasons.map((reason) => /DaemonSet|emptyDir|do-not-disrupt/.exec(reason)?.[0]),
      ["DaemonSet", "emptyDir"],
    );
  });
});
