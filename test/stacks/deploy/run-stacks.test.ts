import assert from "node:assert/strict";

import type { OpenEnvironment, OpenShard } from "../../../stacks/deploy/open-environment.js";
import { exitCodeOfResults, type StackOutcome, type StackResult } from "../../../stacks/deploy/outcome.js";
import { runAroundHub, runStacks } from "../../../stacks/deploy/run-stacks.js";
import { summaryMarkdown } from "../../../stacks/deploy/summary-markdown.js";
import type { EnvironmentSummary } from "../../../stacks/deploy/summary.js";

const FAILED: StackOutcome = { kind: "failed", fault: { code: "stack-failed", message: "", remedy: "" }, changes: [] };
const LOCKED: StackOutcome = { kind: "failed", fault: { code: "stack-locked", message: "", remedy: "" }, changes: [] };
const UNCHANGED: StackOutcome = { kind: "unchanged" };

const shards = [1, 2, 3].map((number) => ({ number, stack: `s${number}`, clusters: [] }) as unknown as OpenShard);
const environmentWith = (hub: object | null) => ({ environment: { fleet: { hub } } }) as unknown as OpenEnvironment;

const stopping = new AbortController().signal;
const reporter = {
  ...{ environment: () => undefined, began: () => undefined, ended: () => undefined },
  ...{ note: () => undefined, hide: () => undefined },
  progressOf: () => ({ line: () => undefined, changed: () => undefined }),
};

/** Runs the three stacks; tells in which order they began, and how each went. */
async function run(hub: "first" | "last", environment: OpenEnvironment, failing: readonly string[]) {
  const begun: string[] = [];
  const work = ({ stack }: OpenShard) => {
    begun.push(stack);
    return Promise.resolve(failing.includes(stack) ? FAILED : UNCHANGED);
  };
  const results = await runAroundHub(shards, { hub, phase: "up", work }, environment, {
    parallel: 2,
    reporter,
    stopping,
  });
  return { begun, kinds: Object.fromEntries(results.map(({ stack, outcome }) => [stack, outcome.kind])) };
}

describe("an environment's stacks", () => {
  const withHub = environmentWith({});

  it("begin with the hub's, which the others need", async () => {
    const { begun, kinds } = await run("first", withHub, ["s1"]);
    assert.deepEqual(begun, ["s1"]);
    assert.deepEqual(kinds, { s1: "failed", s2: "skipped", s3: "skipped" });
  });

  it("end with the hub's, which stays while one of the others has clusters left", async () => {
    assert.deepEqual((await run("last", withHub, [])).begun, ["s2", "s3", "s1"]);
    assert.deepEqual((await run("last", withHub, ["s3"])).kinds, { s2: "unchanged", s3: "failed", s1: "skipped" });
  });

  it("do not hold each other back where there is no hub", async () => {
    const { begun, kinds } = await run("first", environmentWith(null), ["s1"]);
    assert.deepEqual(begun, ["s1", "s2", "s3"]);
    assert.deepEqual(kinds, { s1: "failed", s2: "unchanged", s3: "unchanged" });
  });

  it("are no more at once than allowed", async () => {
    let atOnce = 0;
    let most = 0;
    const work = async (): Promise<StackOutcome> => {
      most = Math.max(most, (atOnce += 1));
      await Promise.resolve();
      atOnce -= 1;
      return UNCHANGED;
    };
    await runStacks(shards, "up", work, { parallel: 2, reporter, stopping });
    assert.equal(most, 2);
  });
});

describe("the exit code", () => {
  const codeOf = (...outcomes: readonly StackOutcome[]) => {
    const stacks = outcomes.map((outcome, index): StackResult => ({ stack: `s${index}`, clusters: 0, outcome }));
    return exitCodeOfResults([{ environment: "dev", stacks, advice: [] }]);
  };

  it("is the stacks' common end, else partial", () => {
    assert.equal(codeOf(UNCHANGED, UNCHANGED), 0);
    assert.equal(codeOf(FAILED, FAILED), 1);
    assert.equal(codeOf(LOCKED), 3);
    assert.equal(codeOf(UNCHANGED, LOCKED, FAILED), 4);
  });

  it("is that of drift where any stack drifted, unless another failed", () => {
    const drifted: StackOutcome = { kind: "drifted", words: ["payments-dev is awake"] };
    assert.equal(codeOf(UNCHANGED, drifted), 3);
    assert.equal(codeOf(drifted, FAILED), 4);
  });

  it("is the environment's own when all of it stopped", () => {
    const fault = { code: "approval-missing", message: "", remedy: "" } as const;
    const stacks: readonly StackResult[] = [{ stack: "s", clusters: 0, outcome: UNCHANGED }];
    assert.equal(exitCodeOfResults([{ environment: "dev", stacks, advice: [], fault }]), 3);
  });
});

describe("the Markdown summary", () => {
  const summary: EnvironmentSummary = {
    environment: "dev",
    stacks: [{ stack: "dev", clusters: 1, outcome: "previewed", changes: { create: 1 } }],
    clusters: [
      {
        ...{ cluster: "pay|ments", account: "1", region: "r", change: "create", stack: "dev" },
        ...{ schedule: "office", nextTransitionAt: "2026-03-02T19:00:00Z", nextState: "hibernated" },
      },
    ],
    parts: [],
    faults: [{ code: "stack-failed", message: "```\n# not a heading", remedy: "Repair it.", stack: "dev-2" }],
    advice: [],
    money: { asDeclared: 336, alwaysOn: 672, priced: 1, unpriced: 0 },
  };
  const text = summaryMarkdown("preview", [summary]);

  it("says what changes, when each cluster changes next, and what it costs", () => {
    const row = "| create | pay\\|ments | 1 | r | office | hibernated at 2026-03-02T19:00:00Z |";
    assert.ok(text.includes(row), text);
    assert.match(text, /\$336 instead of \$672 always on/);
  });

  it("keeps a failure's words in their block", () => {
    assert.ok(text.includes("````text\n```\n# not a heading\n````"), text);
  });
});
