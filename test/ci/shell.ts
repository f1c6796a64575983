import { spawn } from "node:child_process";

export interface Ran {
  readonly exitCode: number;
  /** stdout and stderr together. */
  readonly output: string;
}

/** Runs a script as both systems do: `bash -eo pipefail`, with these variables alone. 255 where a signal ended it. */
export function runBash(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 255, output: chunks.join("") }));
  });
}
