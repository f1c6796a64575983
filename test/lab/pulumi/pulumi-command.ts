import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** How a command of the Pulumi CLI ended. */
export interface PulumiResult {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  /** Everything it wrote, stdout and stderr together, without colours. */
  readonly output: string;
  readonly durationMs: number;
}

/** What a command may be given. */
export interface PulumiCommandOptions {
  /** Called with each line as it comes. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** When it aborts, the CLI and all that it started are killed at once, as by `kill -9`. */
  readonly signal?: AbortSignal | undefined;
}

const running = new Set<ChildProcess>();
// A test run that ends early, however it ends by itself, leaves no engine behind.
process.once("exit", () => running.forEach(killTree));

/** Runs the CLI to its end. Resolves for every exit code; rejects only when it cannot be started. */
export function runPulumi(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { onLine, signal }: PulumiCommandOptions = {},
): Promise<PulumiResult> {
  const startedAt = performance.now();
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => killTree(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  running.add(child);
  signal?.addEventListener("abort", kill, { once: true });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      running.delete(child);
      signal?.removeEventListener("abort", kill);
      resolve({ exitCode, output: lines.join("\n"), durationMs: performance.now() - startedAt });
    });
  });
}

/** Plugins have process groups of their own, so the whole tree is gathered by parent before the first one is killed. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  for (const pid of [child.pid, ...descendants(child.pid)]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended in this very moment.
    }
  }
}

function descendants(root: number): readonly number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const parents = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const ancestor of found) {
    for (const [pid, parent] of parents) if (pid !== undefined && parent === ancestor) found.push(pid);
  }
  return found.slice(1);
}
