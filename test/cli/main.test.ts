import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

// The same ending as this file: it runs compiled and as it stands.
const PROGRAM = fileURLToPath(new URL(`../../runtime/cli/main${extname(import.meta.filename)}`, import.meta.url));

const CONFIG = `
schedules: { day: { timezone: UTC, awake: always } }
clusters: [{ name: pay, account: "111111111111", region: eu-west-1, schedule: day }]
`;

describe("the curfew process", () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "curfew-cli-"));
    writeFileSync(join(folder, "fleet.yaml"), CONFIG);
  });

  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** Starts the command on simulated clusters, in a folder of its own. */
  function start(...argv: readonly string[]) {
    const started = spawn(process.execPath, [...process.execArgv, PROGRAM, ...argv], {
      cwd: folder,
      env: { PATH: process.env["PATH"], CURFEW_CONNECTOR: "memory", CURFEW_STATE: ":memory:" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    const ended = once(started, "close") as Promise<[code: number | null]>;
    return { started, out: text(started.stdout), ended: ended.then(([code]) => code) };
  }

  async function untilDraining(): Promise<ReturnType<typeof start>> {
    const process = start("hibernate", "pay", "--config", "fleet.yaml");
    let told = "";
    for await (const chunk of process.started.stderr.iterator({ destroyOnReturn: false })) {
      told += String(chunk);
      if (told.includes("nodes drained")) break;
    }
    process.started.stderr.resume();
    return process;
  }

  it("prints its help and exits 0", async () => {
    const { out, ended } = start("--help");
    assert.equal(await ended, 0);
    assert.match(await out, /^Usage: curfew/);
  });

  it("exits with the command's code", async () => {
    const { ended, out } = start("validate", "--config", "nowhere.yaml", "--json");
    assert.equal(await ended, 2);
    assert.match(await out, /"path":"nowhere\.yaml"/);
  });

  it("stops at a safe point on the first signal", async () => {
    const { started, out, ended } = await untilDraining();
    started.kill("SIGTERM");
    assert.equal(await ended, 1);
    assert.match(await out, /\[cancelled\]/);
  });

  it("exits 130 at once on the second signal", async () => {
    const { started, ended } = await untilDraining();
    // Stopped meanwhile, so that both are waiting when it goes on: after the first alone the run may end by itself.
    started.kill("SIGSTOP");
    started.kill("SIGINT");
    started.kill("SIGTERM");
    started.kill("SIGCONT");
    assert.equal(await ended, 130);
  });
});
