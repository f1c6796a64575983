import assert from "node:assert/strict";

import { checkConfigSize } from "../../runtime/config/index.js";
import { fleetOf, OFFICE, PAYMENTS } from "./declared.js";

const clusters = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...PAYMENTS, name: `team-${index}` }));

describe("the size of stack config", () => {
  it("is no matter for a hundred clusters", () => {
    assert.deepEqual(checkConfigSize({ schedules: { office: OFFICE }, clusters: clusters(100) }), []);
  });

  it("is refused for a thousand, at the largest section and with the way out", () => {
    const [problem, ...others] = checkConfigSize({ schedules: { office: OFFICE }, clusters: clusters(1000) });
    assert.deepEqual(others, []);
    assert.equal(problem?.path, "clusters");
    assert.match(
      problem.message,
      /^makes the stack's config \d{6} bytes long, .* 100000 .* catalogue file .* curfew:catalogue$/,
    );
  });

  it("counts bytes, and the escapes of the JSON in which the value travels", () => {
    const escaped = '"'.repeat(30_000);
    assert.equal(checkConfigSize({ exclusions: [{ reason: "q".repeat(60_000) }] }).length, 0);
    assert.equal(checkConfigSize({ exclusions: [{ reason: escaped }] }).length, 1);
    assert.equal(checkConfigSize({ exclusions: [{ reason: "ü".repeat(60_000) }] }).length, 1);
  });

  it("does not count what lies in a catalogue", () => {
    const raw = { catalogue: "fleet.json" };
    const text = JSON.stringify({ schedules: { office: OFFICE }, clusters: clusters(1000) });
    assert.deepEqual(checkConfigSize(raw), []);
    assert.equal(fleetOf(raw, { files: { "fleet.json": text } }).clusters.length, 1000);
  });
});
