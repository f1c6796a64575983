import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { openSqliteStore } from "../../../runtime/adapters/sqlite/state-store.js";
import type { RaceOrder, RaceResult } from "./racing-process.js";

// The same ending as this file: it runs compiled and as it stands.
const PROGRAM = fileURLToPath(new URL(`./racing-process${extname(import.meta.filename)}`, import.meta.url));

const CLUSTERS = Array.from({ length: 25 }, (_, index) => `222222222222/eu-west-1/c${String(index)}`);

async function next(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, "message")) as [unknown];
  return message;
}

/** Ends a process without letting it close anything; one that has ended already is left alone. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

describe("sqlite store shared by processes", () => {
  let folder: string;
  let children: readonly ChildProcess[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "curfew-race-"));
    children = [fork(PROGRAM), fork(PROGRAM), fork(PROGRAM)];
    await Promise.all(children.map(next));
  });

  afterEach(async () => {
    await Promise.all(children.map(kill));
    rmSync(folder, { recursive: true });
  });

  /** Starts all of them at once on a file that does not exist yet. */
  async function race(clusterIds: readonly string[]): Promise<readonly RaceResult[]> {
    const results = children.map(next);
    children.forEach((child, index) => {
      const order: RaceOrder = {
        file: join(folder, "new", "state.db"),
        operationId: `op-${String(index)}`,
        clusterIds,
      };
      child.send(order);
    });
    return (await Promise.all(results)) as readonly RaceResult[];
  }

  it("has one winner for every lease and one for every cycle (S50)", async () => {
    const results = await race(CLUSTERS);
    assert.deepEqual(results.flatMap(({ leased }) => leased).sort(), [...CLUSTERS].sort());
    assert.deepEqual(results.flatMap(({ opened }) => opened).sort(), [...CLUSTERS].sort());
  });

  it("keeps what a killed process was told is saved, and fences its successor", async () => {
    const [clusterId] = CLUSTERS as [string];
    const results = await race([clusterId]);
    await Promise.all(children.map(kill));

    const store = openSqliteStore(join(folder, "new", "state.db"));
    const opener = children[results.findIndex(({ opened }) => opened.length > 0)];
    const cycle = await store.readCycle(`${clusterId}-shared`);
    const answer = await store.acquireLease({ clusterId, operationId: "op-next", now: 60_000, expiresAt: 120_000 });
    await store.close();

    assert.equal(cycle?.snapshot, String(opener?.pid));
    assert.equal(answer.kind === "acquired" && answer.lease.fence, 2);
  });
});
