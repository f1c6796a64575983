import { join } from "node:path";
import { packagePath } from "../package-path.js";
import type { GoBuild } from "./catalogue.js";
import { runCommand } from "./command.js";

/**
 * Compiles one program into `into/bin`. The wrapper module's go.sum pins every module that takes part.
 * Rejects with the compiler's output; a missing `go` says what to do.
 */
export async function goBuild(build: GoBuild, into: string): Promise<void> {
  const symbols = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const args = [
    "build",
    "-mod=readonly",
    "-trimpath",
    `-ldflags=-s -w ${symbols.join(" ")}`,
    ...(build.tags ? [`-tags=${build.tags.join(",")}`] : []),
    `-o=${join(into, "bin", build.output)}`,
    build.package,
  ];
  await runCommand("go", args, {
    cwd: packagePath("test/lab/tools/modules", build.module),
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
  }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`${build.output} must be compiled, and no Go compiler is on PATH: install Go 1.26 or newer`);
  });
}
