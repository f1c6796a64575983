import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";

import { faultInText } from "./engine-faults.js";
import { refused, type Attempt } from "./fault.js";

const run = promisify(execFile);

/** The oldest CLI that will do: the first that hands config to dynamic providers, and it looks for drift without changing anything. */
const OLDEST = "3.140.0";

/** The CLI that this computer has, and what it can do. */
export interface PulumiCli {
  readonly command: PulumiCommand;
  readonly version: string;
  /** A preview can save what it planned, and an `up` do no more than that (experimental in Pulumi). */
  readonly hasPlans: boolean;
}

/** An exported stack has about 10 KB for each cluster; Node's own bound ends at a hundred of them. */
const MOST_BYTES = 1 << 30;

/** Finds the CLI on PATH and asks it what it can do, by its help: versions alone do not tell. */
export async function findPulumi(): Promise<Attempt<PulumiCli>> {
  const command = await PulumiCommand.get({ skipVersionCheck: true }).catch(() => undefined);
  if (command === undefined)
    return refused("pulumi-missing", "There is no `pulumi` on PATH.", "Install the Pulumi CLI, 3.140 or later.");
  const version = command.version?.toString() ?? "";
  if (isTooOld(version))
    return refused("pulumi-too-old", `Pulumi ${version || "(no version)"} is too old.`, `Install ${OLDEST} or later.`);
  const help = await run(command.command, ["preview", "--help"], {
    env: { ...process.env, PULUMI_EXPERIMENTAL: "true" },
  });
  return { ok: true, value: { command, version, hasPlans: help.stdout.includes("--save-plan") } };
}

/** Whether a version is below the oldest that will do; text that is no version is. */
export function isTooOld(version: string): boolean {
  const parts = (text: string) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const [major = 0, minor = 0] = parts(version) ?? [];
  const [oldestMajor = 0, oldestMinor = 0] = parts(OLDEST) ?? [];
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** Runs one of the CLI's commands that the Automation API does not have. */
export async function runPulumi(
  { command }: Pick<PulumiCli, "command">,
  args: readonly string[],
  cwd: string,
): Promise<Attempt<string>> {
  try {
    const options = { cwd, maxBuffer: MOST_BYTES };
    const { stdout } = await run(command.command, [...args, "--non-interactive", "--color", "never"], options);
    return { ok: true, value: stdout };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const remedy = "Repair what it says, then run the same command again.";
    return { ok: false, fault: faultInText(text) ?? { code: "stack-failed", message: text, remedy } };
  }
}
