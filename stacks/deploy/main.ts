#!/usr/bin/env node
/** `curfew deploy`: this process's own things, handed to {@link deploy}. */
import "../../policy/lean-sdk.js";

import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { CommanderError } from "commander";

import { EXIT, type ExitCode } from "../../runtime/cli/exit-codes.js";
import { createTerminal } from "../../runtime/cli/terminal.js";
import { deploy, type DeployHost } from "./deploy.js";
import { createDeployProgram } from "./program.js";
import { isDeadHere } from "./dead-process.js";
import { listenForStop } from "./stop-signals.js";

const { stdin, stdout, stderr, env, argv } = process;
const terminal = createTerminal({ argv, environment: env, stdout, stderr });
const { stopping, engines } = listenForStop(process, { isAtTerminal: stdin.isTTY, tell: terminal.tell });
const host: Omit<DeployHost, "terminal"> = {
  cwd: process.cwd(),
  variables: env,
  person: stdin.isTTY && stderr.isTTY ? { input: stdin, output: stderr } : undefined,
  // Who is told to stop waits no longer.
  patience: { sleep: (ms) => sleep(ms, undefined, { signal: stopping }).catch(() => undefined), random: Math.random },
  stopping,
  signal: engines,
  now: Date.now,
  mayFree: (holder) => isDeadHere(holder, { host: hostname(), signal: process.kill.bind(process) }),
};

// Not `process.exit(code)`: what is still in a pipe would be cut off.
process.exitCode = await run(argv.slice(2));

async function run(words: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = createDeployProgram({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    run: async (options) => void (exitCode = await deploy(options, { ...host, terminal })),
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    if (error.code !== "commander.help")
      terminal.tell(`${error.message.replace(/^error: /, "[usage] ")}\nSee \`curfew deploy --help\`.`);
    return EXIT.badUsage;
  }
}
