import assert from "node:assert/strict";

import { createProgressLines } from "../../runtime/cli/progress-lines.js";
import type { RunEvent } from "../../runtime/ports/index.js";

function listen() {
  const lines: string[] = [];
  const progress = createProgressLines(
    (id) => id.toUpperCase(),
    (line) => void lines.push(line),
  );
  const emit = (event: Partial<RunEvent>) =>
    progress.emit({ clusterId: "a", at: 0, kind: "step-progress", message: "still draining", ...event });
  return { lines, emit };
}

describe("progress lines", () => {
  it("tell how a step is doing once in two seconds per cluster", () => {
    const { lines, emit } = listen();
    for (const at of [0, 500, 1999, 2000, 3999, 4000]) emit({ at, message: `at ${at}` });
    emit({ clusterId: "b", at: 4000, message: "other" });
    assert.deepEqual(lines, ["A: at 0", "A: at 2000", "A: at 4000", "B: other"]);
  });

  it("never leave out anything else", () => {
    const { lines, emit } = listen();
    emit({});
    for (const kind of ["run-started", "step-started", "step-finished", "run-finished"] as const)
      emit({ kind, message: kind });
    emit({ kind: "warning", message: "look here" });
    assert.deepEqual(lines.slice(1), [
      "A: run-started",
      "A: step-started",
      "A: step-finished",
      "A: run-finished",
      "A: warning: look here",
    ]);
  });

  it("stay lines, and do not say the cluster twice", () => {
    const { lines, emit } = listen();
    emit({ message: "a: one\n two" });
    assert.deepEqual(lines, ["A: one two"]);
  });
});
