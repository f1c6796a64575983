#!/usr/bin/env node
/** The `curfew` command: this process's own things, handed to {@link runCli}. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { openRuntime } from "../compose.js";
import { runCli } from "./run-cli.js";

/** What shells expect of a program that ended by Ctrl-C. */
const INTERRUPTED = 130;

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write("Stopping at the next safe point; once more stops at once.\n");
    stop.abort();
  });
}

// `curfew preview | head` closes the pipe early: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// Not `process.exit(code)`: what is still in a pipe would be cut off.
process.exitCode = await runCli({
  argv: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  signal: stop.signal,
  now: Date.now,
  openRuntime,
  readText: (path) => readFile(path, "utf8").catch(() => undefined),
  async writeText(path, text, mayReplace) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: mayReplace ? "w" : "wx" });
  },
});
