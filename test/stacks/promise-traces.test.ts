import assert from "node:assert/strict";

import { shortenPromiseTraces } from "../../stacks/promise-traces.js";

describe("stack traces of a program that declares thousands of clusters", () => {
  const before = Error.stackTraceLimit;
  afterEach(() => {
    Error.stackTraceLimit = before;
  });

  it("still say where an error was thrown", () => {
    shortenPromiseTraces({});

    const lines = (new Error("no such zone").stack ?? "").split("\n");

    assert.equal(lines.length, 2);
    assert.equal(lines[0], "Error: no such zone");
    assert.match(lines[1] ?? "", /promise-traces\.test/);
  });

  it("stay whole for whoever looks for leaked promises", () => {
    shortenPromiseTraces({ PULUMI_DEBUG_PROMISE_LEAKS: "1" });

    assert.equal(Error.stackTraceLimit, before);
  });
});
