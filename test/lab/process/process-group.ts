import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Order, Report } from "./supervisor.js";

/** What to run; the log goes to `<folder>/<name>.log`. */
export interface ProcessSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One process of the lab, owned by the supervisor. */
export interface LabProcess {
  readonly name: string;
  readonly pid: number;
  /** Why it ended, once it has. */
  readonly ended: () => string | undefined;
  /** Sends a signal to the process and what it started, SIGSTOP and SIGCONT included. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** The last lines of its log. */
  readonly logTail: () => Promise<string>;
}

/** All processes of one lab and the folder they write to. */
export interface ProcessGroup {
  readonly folder: string;
  start(spec: ProcessSpec): Promise<LabProcess>;
  /** Ids of what was started and has not ended. */
  readonly processIds: () => readonly number[];
  /** Kills everything at once and removes the folder. Calling twice is safe. */
  stop(): Promise<void>;
}

type Supervisor = ChildProcessByStdio<Writable, Readable, null>;

interface Running {
  pid: number | undefined;
  started: (pid: number) => void;
  failed: (why: string) => void;
  ended: string | undefined;
}

/** Starts a supervisor with an empty run folder. Nothing it starts outlives this process, however it ends. */
export async function startProcessGroup(): Promise<ProcessGroup> {
  // Short, because the path of the egress socket in it may have about 100 characters.
  const folder = await mkdtemp(join(tmpdir(), "curfew-lab-"));
  const supervisor = spawnSupervisor(folder);
  const running = new Map<number, Running>();
  createInterface({ input: supervisor.stdout }).on("line", (line) => hear(JSON.parse(line) as Report, running));
  const order = (line: Order): unknown => supervisor.stdin.write(`${JSON.stringify(line)}\n`);
  const hold = createHold(supervisor);
  return {
    folder,
    start: (spec) => hold(startProcess(spec, folder, running, order)),
    processIds: () =>
      [...running.values()].flatMap(({ pid, ended }) => (pid === undefined || ended !== undefined ? [] : [pid])),
    stop: () => hold(stopSupervisor(supervisor)),
  };
}

/**
 * A lab that nobody stopped must not keep the test run alive, so the supervisor counts for the event loop only
 * while an answer of its is awaited.
 */
function createHold(supervisor: Supervisor): <T>(work: Promise<T>) => Promise<T> {
  let waiting = 0;
  const handles = [supervisor, supervisor.stdin, supervisor.stdout] as unknown as readonly NodeJS.RefCounted[];
  handles.forEach((handle) => handle.unref());
  return async (work) => {
    waiting += 1;
    handles.forEach((handle) => handle.ref());
    try {
      return await work;
    } finally {
      waiting -= 1;
      if (waiting === 0) handles.forEach((handle) => handle.unref());
    }
  };
}

function spawnSupervisor(folder: string): Supervisor {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const program = fileURLToPath(new URL(`./supervisor.${extension}`, import.meta.url));
  // Its own session: a signal to our process group must not end it before it has cleaned up.
  const supervisor = spawn(process.execPath, ["--no-warnings", program, folder], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
    env: { PATH: process.env["PATH"] },
  });
  supervisor.stdin.on("error", () => undefined);
  return supervisor;
}

function hear(report: Report, running: Map<number, Running>): void {
  const process = running.get(report.id);
  if (!process) return;
  if (report.kind === "started") {
    process.pid = report.pid;
    process.started(report.pid);
  } else {
    process.ended = report.why;
    process.failed(report.why);
  }
}

async function startProcess(
  spec: ProcessSpec,
  folder: string,
  running: Map<number, Running>,
  order: (line: Order) => unknown,
): Promise<LabProcess> {
  const id = running.size + 1;
  const log = join(folder, `${spec.name}.log`);
  const state: Running = { pid: undefined, ended: undefined, started: () => undefined, failed: () => undefined };
  const pid = new Promise<number>((resolve, reject) => {
    state.started = resolve;
    state.failed = (why) => reject(new Error(`${spec.name} could not be started: ${why}`));
  });
  running.set(id, state);
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, ...spec.env };
  order({ kind: "start", id, program: spec.program, args: spec.args, env, cwd: folder, log });
  return {
    name: spec.name,
    pid: await pid,
    ended: () => state.ended,
    signal: (signal) => order({ kind: "signal", id, signal }),
    logTail: () => tail(log),
  };
}

const tail = async (log: string): Promise<string> =>
  (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-15).join("\n");

function stopSupervisor(supervisor: Supervisor): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    supervisor.once("exit", () => resolve());
    supervisor.stdin.end();
  });
}
