import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { until } from "./until.js";

describe("a crashed run of the lab", function () {
  this.timeout(60_000);

  it("leaves no process and no folder behind after kill -9", async () => {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const script = fileURLToPath(new URL(`./crash-child.${extension}`, import.meta.url));
    const scratch = await mkdtemp(join(tmpdir(), "crash-"));
    const run = spawn(process.execPath, [...process.execArgv, script], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, TMPDIR: scratch },
    });
    const ids = await firstLine(run.stdout);
    assert.equal(ids.length, 6, "the run, etcd, the emulator, and three of the cluster");
    assert.ok(ids.every(isAlive));
    assert.equal((await runFolders(scratch)).length, 1);
    run.kill("SIGKILL");
    await until(async () => !ids.some(isAlive) && !(await runFolders(scratch)).length);
    await rm(scratch, { recursive: true });
  });
});

const runFolders = async (scratch: string): Promise<readonly string[]> =>
  (await readdir(scratch)).filter((name) => name.startsWith("curfew-lab-"));

async function firstLine(stream: NodeJS.ReadableStream): Promise<readonly number[]> {
  for await (const line of createInterface({ input: stream })) return JSON.parse(line) as number[];
  throw new Error("the child ended before it had started its lab");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
