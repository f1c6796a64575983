import assert from "node:assert/strict";

import fc from "fast-check";

import { matchesGlob } from "../../runtime/config/glob.js";

describe("glob", () => {
  const cases: readonly [pattern: string, text: string, matches: boolean][] = [
    ["payments", "payments", true],
    ["payments", "payments-dev", false],
    ["payments", "Payments", false],
    ["*", "", true],
    ["*", "anything", true],
    ["", "", true],
    ["", "a", false],
    ["?", "", false],
    ["?", "a", true],
    ["?", "ab", false],
    ["*-critical", "payments-critical", true],
    ["*-critical", "payments-critical-2", false],
    ["prod-*", "prod-", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["a*?", "a", false],
    ["a**", "a", true],
    ["dev-??", "dev-01", true],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
  ];
  for (const [pattern, text, matches] of cases) {
    it(`${JSON.stringify(pattern)} ${matches ? "matches" : "does not match"} ${JSON.stringify(text)}`, () => {
      assert.equal(matchesGlob(pattern, text), matches);
    });
  }

  it("agrees with the regular expression of the same meaning", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        const expression = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        assert.equal(matchesGlob(glob, name), expression.test(name));
      }),
    );
  });

  it("is quick on the pattern that makes regular expressions run away", () => {
    assert.equal(matchesGlob(`${"*a".repeat(50)}b`, "a".repeat(5000)), false);
  });
});
