import assert from "node:assert/strict";

import { csvOf } from "../../runtime/cli/reports/csv.js";

describe("CSV", () => {
  const cells: readonly [what: string, value: string | number | null, cell: string][] = [
    ["plain text", "It is running.", "It is running."],
    ["a comma", "a,b", '"a,b"'],
    ["a quote", 'say "no"', '"say ""no"""'],
    ["a line break", "a\nb", '"a\nb"'],
    ["a carriage return", "a\rb", '"a\rb"'],
    ["nothing", null, ""],
    ["a negative number", -1.5, "-1.5"],
    ["text like a formula", "=1+1", "'=1+1"],
    ["text like a formula that needs quotes", '@sum("a,b")', `"'@sum(""a,b"")"`],
  ];
  for (const [what, value, cell] of cells) {
    it(`writes ${what}`, () => assert.equal(csvOf([["x", value, "y"]]), `x,${cell},y`));
  }

  it("writes one line per row", () => assert.equal(csvOf([["a"], ["b"]]), "a\nb"));
});
