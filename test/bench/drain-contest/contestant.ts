import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Where a contestant finds the cluster, and what it is to empty. */
export interface Contest {
  readonly server: string;
  readonly certificateAuthority: string;
  readonly token: string;
  readonly kubeconfigPath: string;
  readonly nodes: readonly string[];
}

/** What a contestant's own process tells: that it is loaded, then how it went. */
export type ContestantMessage = "ready" | Result;

/** How one drain went. */
export interface Result {
  readonly ms: number;
  /** One line for whoever watches. */
  readonly note: string;
}

/**
 * Runs `script` (beside this file) in a process of its own, because the fake kubelet works in ours and would compete
 * with whoever shares its thread. Loading its modules is not part of the time.
 */
export async function runScript(script: "curfew-child" | "loop-child", contest: Contest): Promise<Result> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const path = fileURLToPath(new URL(`./${script}.${extension}`, import.meta.url));
  const child = fork(path, [JSON.stringify(contest)]);
  const exited = once(child, "exit").then(([code]) => {
    throw new Error(`${script} ended with ${String(code)} before it was done`);
  });
  const nextMessage = async (): Promise<unknown> => {
    const answered = once(child, "message") as Promise<[unknown]>;
    return (await Promise.race([answered, exited]))[0];
  };
  await nextMessage();
  const result = nextMessage();
  child.send("go");
  const got = (await result) as Result;
  exited.catch(() => undefined);
  child.disconnect();
  return got;
}

/** Runs one `kubectl drain` for each list of nodes, all at once, and waits for the last. */
export async function runKubectl(
  program: string,
  contest: Contest,
  nodeLists: readonly (readonly string[])[],
): Promise<Result> {
  const startedAt = performance.now();
  await Promise.all(nodeLists.map((nodes) => kubectlDrain(program, contest, nodes)));
  return { ms: performance.now() - startedAt, note: `${nodeLists.length} kubectl drain` };
}

async function kubectlDrain(program: string, { kubeconfigPath }: Contest, nodes: readonly string[]): Promise<void> {
  const args = ["--kubeconfig", kubeconfigPath, "drain", ...nodes, "--ignore-daemonsets", "--timeout=300s"];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`kubectl drain ended with ${String(code)}: ${complaints.slice(-500)}`);
}
