import assert from "node:assert/strict";

import type { RunEvent } from "../../runtime/ports/index.js";
import { createConsoleProgress, lineOf } from "../../runtime/resource/console-progress.js";

const event = (
  kind: RunEvent["kind"],
  at: number,
  message: string,
  clusterId = "111111111111/eu-west-1/pay",
): RunEvent => ({
  clusterId,
  at,
  kind,
  message,
  ...(kind.startsWith("step") ? { step: "drain" } : {}),
});

function linesOf(events: readonly RunEvent[]): readonly string[] {
  const lines: string[] = [];
  const progress = createConsoleProgress((line) => lines.push(line));
  for (const each of events) progress.emit(each);
  return lines;
}

describe("progress at pulumi up", () => {
  it("has one shape, whatever is in the message", () => {
    assert.equal(lineOf(event("step-started", 0, "Draining\n  2 nodes.")), "pay: drain: Draining 2 nodes.");
    assert.equal(lineOf(event("warning", 0, "Left alone.")), "pay: warning: Left alone.");
    assert.equal(lineOf(event("run-finished", 0, "111111111111/eu-west-1/pay: done.")), "pay: run: done.");
  });

  it("tells a run from its beginning as soon as it does something", () => {
    const lines = linesOf([
      event("run-started", 0, "hibernate"),
      event("step-started", 1, "Draining."),
      event("run-finished", 2, "Done."),
    ]);
    assert.deepEqual(lines, ["pay: run: hibernate", "pay: drain: Draining.", "pay: run: Done."]);
  });

  it("is silent about a run that finds nothing to do", () => {
    assert.deepEqual(linesOf([event("run-started", 0, "wake"), event("run-finished", 2, "Nothing to do.")]), []);
  });

  it("tells how a step is doing every two seconds at most, for each cluster by itself", () => {
    const other = "111111111111/eu-west-1/shop";
    const lines = linesOf([
      event("step-progress", 0, "30 pods left."),
      event("step-progress", 1_999, "20 pods left."),
      event("step-progress", 1_999, "9 pods left.", other),
      event("step-progress", 2_000, "10 pods left."),
      event("step-finished", 2_001, "Empty."),
    ]);
    assert.deepEqual(lines, [
      "pay: drain: 30 pods left.",
      "shop: drain: 9 pods left.",
      "pay: drain: 10 pods left.",
      "pay: drain: Empty.",
    ]);
  });
});
