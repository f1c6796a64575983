import type { PulumiWorkspace } from "../pulumi/index.js";
import { say } from "./narrate.js";

/** Runs `pulumi up` and tells its lines, those that `isTold` leaves out excepted. Rejects when it fails. */
export async function up(stack: PulumiWorkspace, isTold: (line: string) => boolean = () => true): Promise<void> {
  let isRepeating = false;
  const { exitCode, output } = await stack.up(["--suppress-outputs"], {
    onLine(line) {
      // The engine repeats every line at its end, under Diagnostics.
      if (line.includes("Diagnostics:")) isRepeating = true;
      if (line.includes("Resources:")) isRepeating = false;
      if (!isRepeating && line.trim() !== "" && isTold(line)) say(`  ${line}`);
    },
  });
  if (exitCode !== 0) throw new Error(`pulumi up ended with ${String(exitCode)}:\n${output.slice(-4_000)}`);
}
