import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** How a command of the Pulumi CLI ended. */
export interface PulumiResult {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  /** Everything it wrote, stdout and stderr together, without colours. */
  readonly output: string;
  readonly durationMs: number;
  /** What it had started when it was killed alone; else none. */
  readonly orphans: readonly EngineProcess[];
}

/** A process under the engine. */
export interface EngineProcess {
  readonly pid: number;
  /** With its arguments. */
  readonly command: string;
}

/** What a command may be given. */
export interface PulumiCommandOptions {
  /** Called with each line as it comes. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** When it aborts, the CLI and all that it started are killed at once, as by `kill -9`. */
  readonly signal?: AbortSignal | undefined;
  /** When it aborts, the CLI alone is killed, and what it had started is left to itself. */
  readonly engineSignal?: AbortSignal | undefined;
}

const running = new Set<ChildProcess>();
// A test run that ends early, however it ends by itself, leaves no engine behind.
process.once("exit", () => running.forEach(killTree));

/** Runs the CLI to its end. Resolves for every exit code; rejects only when it cannot be started. */
export function runPulumi(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { onLine, signal, engineSignal }: PulumiCommandOptions = {},
): Promise<PulumiResult> {
  const startedAt = performance.now();
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => killTree(child);
  let orphans: readonly EngineProcess[] = [];
  const killEngine = (): void => {
    orphans = child.pid === undefined ? [] : descendants(child.pid);
    child.kill("SIGKILL");
  };
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  running.add(child);
  signal?.addEventListener("abort", kill, { once: true });
  engineSignal?.addEventListener("abort", killEngine, { once: true });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      running.delete(child);
      signal?.removeEventListener("abort", kill);
      engineSignal?.removeEventListener("abort", killEngine);
      resolve({ exitCode, output: lines.join("\n"), durationMs: performance.now() - startedAt, orphans });
    });
  });
}

/** Plugins have process groups of their own, so the whole tree is gathered by parent before the first one is killed. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  for (const pid of [child.pid, ...descendants(child.pid).map((each) => each.pid)]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended in this very moment.
    }
  }
}

/** Those that have not ended. One that has ended, but that nobody has asked how, has lost its arguments. */
export function stillRunning(orphans: readonly EngineProcess[]): readonly EngineProcess[] {
  const commands = new Map(processes().map(({ pid, command }) => [pid, command]));
  return orphans.filter(({ pid, command }) => commands.get(pid) === command);
}

function descendants(root: number): readonly EngineProcess[] {
  const rows = processes();
  const found = [root];
  for (const ancestor of found) {
    for (const { pid, parent } of rows) if (parent === ancestor) found.push(pid);
  }
  return rows.filter(({ pid }) => pid !== root && found.includes(pid));
}

function processes(): readonly (EngineProcess & { readonly parent: number })[] {
  const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return [...listed.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, command = ""]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command,
  }));
}
