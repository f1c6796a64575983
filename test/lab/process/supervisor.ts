/**
 * Owns every process of one lab, so that none outlives the run, not even after `kill -9` of the run:
 * when the run is gone the kernel closes our stdin, and then we kill what we started and remove the run's folder.
 *
 * Argument: the run's folder. Stdin: one JSON order per line. Stdout: one JSON report per line.
 * This file imports nothing of the lab: Node runs it as it stands, compiled or not.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";

/** What the lab asks for. */
export type Order =
  | {
      readonly kind: "start";
      readonly id: number;
      readonly program: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
      readonly log: string;
    }
  | { readonly kind: "signal"; readonly id: number; readonly signal: NodeJS.Signals };

/** What became of it. */
export type Report =
  | { readonly kind: "started"; readonly id: number; readonly pid: number }
  | { readonly kind: "ended"; readonly id: number; readonly why: string };

const children = new Map<number, ChildProcess>();
const report = (line: Report): unknown => process.stdout.write(`${JSON.stringify(line)}\n`);

function start(order: Order & { kind: "start" }): void {
  const log = openSync(order.log, "a");
  // A process group of its own: Ctrl-C at the terminal reaches the run, and whatever the child starts dies with it.
  const child = spawn(order.program, order.args, {
    cwd: order.cwd,
    env: order.env,
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  children.set(order.id, child);
  const end = (why: string): void => {
    if (children.delete(order.id)) report({ kind: "ended", id: order.id, why });
    if (stopping) finishWhenEmpty();
  };
  child.on("spawn", () => report({ kind: "started", id: order.id, pid: child.pid ?? 0 }));
  child.on("error", (error) => end(error.message));
  child.on("exit", (code, signal) => end(signal ?? `exit code ${String(code)}`));
}

function signal(id: number, name: NodeJS.Signals): void {
  const pid = children.get(id)?.pid;
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It ended in this very moment; its exit is reported anyway.
  }
}

let stopping = false;

function stop(): void {
  stopping = true;
  // SIGKILL, because the API server takes more than 5 s over SIGTERM and nothing here is worth keeping.
  for (const id of children.keys()) signal(id, "SIGKILL");
  finishWhenEmpty();
}

function finishWhenEmpty(): void {
  if (children.size > 0) return;
  const folder = process.argv[2];
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
}

process.stdout.on("error", () => undefined);
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const order = JSON.parse(line) as Order;
    if (order.kind === "start") start(order);
    else signal(order.id, order.signal);
  })
  .on("close", stop);
