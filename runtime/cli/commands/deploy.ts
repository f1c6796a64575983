import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Command } from "commander";

import type { CommandScope } from "../command-scope.js";
import { EXIT, type ExitCode } from "../exit-codes.js";

/** A program of its own, as all that needs Pulumi; compiled or as source, like this file. */
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const DEPLOYER = fileURLToPath(new URL(`../../../stacks/deploy/main.${extension}`, import.meta.url));

/** `curfew deploy`: hands its words to the deployer, and the deployer's exit code back. */
export function addDeploy(program: Command, scope: CommandScope): void {
  program
    .command("deploy")
    .description("preview, deploy, check and destroy whole environments with Pulumi (see `curfew deploy --help`)")
    .argument("[words...]")
    .helpOption(false)
    .allowUnknownOption()
    .action(async (words: readonly string[]) => scope.settle(await runDeployer(words, scope)));
}

function runDeployer(words: readonly string[], { host }: CommandScope): Promise<ExitCode> {
  const child = spawn(process.execPath, [...process.execArgv, DEPLOYER, ...words], { cwd: host.cwd, stdio: "inherit" });
  const stop = () => void child.kill("SIGTERM");
  process.once("SIGTERM", stop);
  // At a terminal, Ctrl-C has reached it already, and a second signal would make its engines drop their work.
  if (!process.stdin.isTTY) host.signal.addEventListener("abort", stop, { once: true });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.removeListener("SIGTERM", stop);
      host.signal.removeEventListener("abort", stop);
      resolve(Object.values(EXIT).find((exit) => exit === code) ?? EXIT.failed);
    });
  });
}
