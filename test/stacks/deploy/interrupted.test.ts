import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";

import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { createApproval } from "../../../stacks/deploy/approval.js";
import { createShardEngine, type EngineReport } from "../../../stacks/deploy/engine.js";
import type { OpenEnvironment, OpenShard } from "../../../stacks/deploy/open-environment.js";
import { exitCodeOfResults, type StackOutcome } from "../../../stacks/deploy/outcome.js";
import { outcomeOf, runAroundHub } from "../../../stacks/deploy/run-stacks.js";
import { listenForStop } from "../../../stacks/deploy/stop-signals.js";

const REPORTER = {
  ...{ environment: () => undefined, began: () => undefined, ended: () => undefined },
  ...{ note: () => undefined, hide: () => undefined },
  progressOf: () => ({ line: () => undefined, changed: () => undefined }),
};

describe("a signal", () => {
  const signalled = (signal: "SIGINT" | "SIGTERM", isAtTerminal: boolean) => {
    const host = new EventEmitter();
    const told: string[] = [];
    const { stopping, engines } = listenForStop(host, { isAtTerminal, tell: (line) => void told.push(line) });
    const before = [stopping.aborted, engines.aborted];
    for (let times = 0; times < 2; times += 1) host.emit(signal);
    assert.deepEqual(before, [false, false]);
    assert.deepEqual(told, ["Stopping at the next safe point."]);
    return { isStopping: stopping.aborted, reachesEngines: engines.aborted };
  };

  it("stops what is to come, and lets the engines stop", () => {
    assert.deepEqual(signalled("SIGTERM", false), { isStopping: true, reachesEngines: true });
    assert.deepEqual(signalled("SIGTERM", true), { isStopping: true, reachesEngines: true });
    assert.deepEqual(signalled("SIGINT", false), { isStopping: true, reachesEngines: true });
  });

  it("is not sent again to engines that Ctrl-C has reached, which would drop their work", () => {
    assert.deepEqual(signalled("SIGINT", true), { isStopping: true, reachesEngines: false });
  });
});

describe("stacks of a command that is told to stop", () => {
  const shards = [1, 2, 3].map((number) => ({ number, stack: `s${number}`, clusters: [] }) as unknown as OpenShard);

  /** Runs them one after the other; the signal comes while the one of that name is at work, and `ending` is its end. */
  async function stopIn(stack: string, { hub, hasHub }: { readonly hub: "first" | "last"; readonly hasHub: boolean }) {
    const stop = new AbortController();
    const begun: string[] = [];
    const work = (shard: OpenShard): Promise<StackOutcome> => {
      begun.push(shard.stack);
      if (shard.stack === stack) stop.abort();
      return Promise.resolve({ kind: "changed", changes: [] });
    };
    const environment = { environment: { fleet: { hub: hasHub ? {} : null } } } as unknown as OpenEnvironment;
    const session = { parallel: 1, reporter: REPORTER, stopping: stop.signal };
    const stacks = await runAroundHub(shards, { hub, phase: "up", work }, environment, session);
    const ends = Object.fromEntries(
      stacks.map(({ stack: name, outcome }) => [name, "fault" in outcome ? outcome.fault.code : outcome.kind]),
    );
    return { begun, ends, exitCode: exitCodeOfResults([{ environment: "dev", stacks, advice: [] }]) };
  }

  it("are not begun any more, and what was done is told beside what was not", async () => {
    assert.deepEqual(await stopIn("s2", { hub: "first", hasHub: false }), {
      begun: ["s1", "s2"],
      ends: { s1: "changed", s2: "changed", s3: "interrupted" },
      exitCode: 4,
    });
  });

  it("are not begun after the hub's, nor is the hub's after them", async () => {
    const first = await stopIn("s1", { hub: "first", hasHub: true });
    assert.deepEqual(first.ends, { s1: "changed", s2: "interrupted", s3: "interrupted" });
    const last = await stopIn("s3", { hub: "last", hasHub: true });
    assert.deepEqual(last.ends, { s2: "changed", s3: "changed", s1: "interrupted" });
  });
});

describe("an engine of a command that is told to stop", () => {
  /** An engine whose every `up` ends as told, and tells how often one was begun; `signal` is what it was given to stop by. */
  function engineOf({ open, up }: { readonly open?: () => void; readonly up: (signal: AbortSignal) => Promise<void> }) {
    const stop = new AbortController();
    let begun = 0;
    const stack = { up: ({ signal }: { signal: AbortSignal }) => ((begun += 1), up(signal)) } as unknown as Stack;
    const openStack = () => (open?.(), Promise.resolve(stack));
    const engine = createShardEngine(openStack, {
      guard: { policyPack: "/policy" },
      patience: { sleep: () => Promise.resolve().then(() => stop.abort()), random: () => 0 },
      progress: { line: () => undefined, changed: () => undefined },
      ...{ stopping: stop.signal, signal: stop.signal, mayFree: () => false },
    });
    return { stop, engine, begun: () => begun };
  }
  const endOf = (report: EngineReport) => {
    const outcome = outcomeOf(report, "changed");
    return [outcome.kind, "fault" in outcome ? outcome.fault.code : undefined];
  };

  it("gets the signal, and its words for having heard it are no failure of the stack's", async () => {
    for (const words of ["error: update canceled", "error: update cancelled", "Command was killed with SIGINT"]) {
      const { stop, engine } = engineOf({
        up: (signal) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(new Error(words)));
            stop.abort();
          }),
      });
      assert.deepEqual(endOf(await engine.up()), ["failed", "interrupted"], words);
    }
  });

  it("is not taken for one that stopped when it dies by itself, or is killed because it takes too long", async () => {
    for (const [signal, isTold] of [
      ["SIGINT", false],
      ["SIGKILL", true],
    ] as const) {
      const { stop, engine } = engineOf({
        up() {
          if (isTold) stop.abort();
          return Promise.reject(new Error(`Command was killed with ${signal}`));
        },
      });
      assert.deepEqual(endOf(await engine.up()), ["failed", "engine-died"], signal);
    }
  });

  it("is not begun when the signal comes while its stack is opened", async () => {
    const { stop, engine, begun } = engineOf({ open: () => stop.abort(), up: () => Promise.resolve() });
    assert.deepEqual(endOf(await engine.up()), ["skipped", "interrupted"]);
    assert.equal(begun(), 0);
  });

  it("does not go on waiting for a stack that another run holds", async () => {
    const { engine, begun } = engineOf({
      up: () => Promise.reject(new Error("the stack is currently locked by 1 lock")),
    });
    assert.deepEqual(endOf(await engine.up()), ["skipped", "interrupted"]);
    assert.equal(begun(), 1);
  });
});

describe("a question that nobody answers", () => {
  const ask = (end: (input: PassThrough, stop: AbortController) => void) => {
    const stop = new AbortController();
    const input = new PassThrough();
    const terminal = { input, output: new PassThrough() };
    const asked = createApproval({ isGiven: false, terminal, stopping: stop.signal })("Go on?");
    end(input, stop);
    return asked;
  };

  it("is taken back when the command is told to stop", async () => {
    assert.equal((await ask((_, stop) => stop.abort()))?.code, "interrupted");
  });

  it("counts as no when the input ends", async () => {
    assert.equal((await ask((input) => input.end()))?.code, "approval-missing");
  });

  it("is not even asked of who gave leave beforehand, once the command is told to stop", async () => {
    const approve = createApproval({ isGiven: true, terminal: undefined, stopping: AbortSignal.abort() });
    assert.equal((await approve("Go on?"))?.code, "interrupted");
  });

  it("still takes an answer", async () => {
    assert.equal(await ask((input) => input.write("yes\n")), undefined);
    assert.equal((await ask((input) => input.write("no\n")))?.code, "approval-missing");
  });
});
