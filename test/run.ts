/**
 * `npm test` after the checks: prepares the lab's tools, runs every suite with coverage where nothing can leave this
 * computer, and closes with the plain line `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CATALOGUE, type ToolName } from "./lab/tools/catalogue.js";
import { ensureTools } from "./lab/tools/resolve.js";

const SUITES = process.argv.length > 2 ? process.argv.slice(2) : ["bin/test/**/*.test.js"];

/** A network namespace with nothing but loopback, where the kernel lets us make one. */
const ALONE = ["unshare", "-n", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

/** Progress and the closing line are this program's output. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function canRunAlone(): boolean {
  return spawnSync("unshare", ["-n", "--", "sh", "-c", "ip link set lo up"], { stdio: "ignore" }).status === 0;
}

function runSuites(countsFile: string): number {
  const mocha = [
    "c8",
    "--config",
    ".config/c8rc.json",
    "mocha",
    "--config",
    ".config/mocharc.json",
    "--reporter",
    "bin/test/count-reporter.js",
  ];
  const isAlone = canRunAlone();
  if (!isAlone) say("No network namespace can be made here: the suites keep to loopback by their own configuration.");
  const [command = "c8", ...args] = [...(isAlone ? ALONE : []), ...mocha, ...SUITES];
  const { status } = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, CURFEW_TEST_COUNTS: countsFile },
  });
  return status ?? 1;
}

function readCounts(file: string): { readonly passes: number; readonly failures: number } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { passes: number; failures: number };
  } catch {
    return { passes: 0, failures: 1 };
  }
}

await ensureTools(Object.keys(CATALOGUE) as ToolName[], { progress: say });
const folder = mkdtempSync(join(tmpdir(), "curfew-test-"));
const countsFile = join(folder, "counts.json");
const status = runSuites(countsFile);
const { passes, failures } = readCounts(countsFile);
rmSync(folder, { recursive: true });
say(`${passes} passed, ${failures} failed`);
process.exitCode = status === 0 && failures === 0 && passes > 0 ? 0 : 1;
