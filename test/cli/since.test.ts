import assert from "node:assert/strict";

import { instantOfSince, parseSince } from "../../runtime/cli/since.js";

const NOW = Date.parse("2026-01-05T19:00:00Z");

describe("how far back to look", () => {
  const understood: readonly [text: string, at: string][] = [
    ["24h", "2026-01-04T19:00:00Z"],
    ["7d", "2025-12-29T19:00:00Z"],
    ["90m", "2026-01-05T17:30:00Z"],
    ["1d12h", "2026-01-04T07:00:00Z"],
    ["2026-01-01T00:00:00+01:00", "2025-12-31T23:00:00Z"],
  ];
  for (const [text, at] of understood) {
    it(`reads ${text}`, () => assert.equal(instantOfSince({ since: parseSince(text) }, NOW), Date.parse(at)));
  }

  it("is everything unless told", () => assert.equal(instantOfSince({}, NOW), 0));

  for (const text of ["", "0h", "+24h", "7", "1w", "-1d", "2026-01-05", "2026-01-05T10:00", "2026-13-05T10:00:00Z"]) {
    it(`refuses "${text}"`, () => assert.throws(() => parseSince(text), { code: "commander.invalidArgument" }));
  }
});
