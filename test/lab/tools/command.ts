import { spawn } from "node:child_process";

/** Where a command runs and with which variables. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end and gives what it wrote to stdout and stderr together.
 * Rejects, with the end of that output, when the program cannot be started or exits with another code than 0.
 */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const output: string[] = [];
    const keep = (chunk: string): unknown => output.push(chunk);
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => {
      const text = output.join("");
      if (code === 0) resolve(text);
      else reject(new Error(`${program} ${args.join(" ")} exited with ${String(code)}:\n${text.slice(-2_000)}`));
    });
  });
}
