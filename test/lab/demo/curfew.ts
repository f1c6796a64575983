import { spawn } from "node:child_process";

import { packagePath } from "../package-path.js";

/** Runs the compiled command line as a person would. Rejects when it does not end with 0. */
export function runCurfew(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  const main = packagePath("bin", "runtime", "cli", "main.js");
  const child = spawn(process.execPath, [main, ...args], { stdio: "inherit", env: { ...process.env, ...environment } });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`curfew ${args.join(" ")} ended with ${String(code)}`)),
    );
  });
}
