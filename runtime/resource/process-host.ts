import { randomUUID } from "node:crypto";

import type { Runtime, RuntimeOptions } from "../compose.js";
import { whenEngineIsGone } from "../ports/index.js";
import { createCancellation } from "./cancellation.js";
import { createConsoleProgress } from "./console-progress.js";
import type { ResourceHost } from "./host.js";
import { parallelRuns } from "./parallel-runs.js";

/** Long enough for the last answers to reach the engine, short against the 5 s after which it kills. */
const LAST_WORDS_MS = 200;

/** How long the engine lets a provider stop in order before it kills it. */
const KILL_AFTER_MS = 5_000;

/**
 * The process that Pulumi starts for all dynamic resources of a stack. Opens nothing before it is asked for ports. To be
 * made in that process only, and once: it ends the process when the engine has gone.
 */
export function createProcessHost(open: (options: RuntimeOptions) => Promise<Runtime>): ResourceHost {
  const operationId = `pulumi-${randomUUID()}`;
  // Console output of dynamic providers is shown as information; `pulumi.log` has no engine in this process.
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const progress = createConsoleProgress(write);
  const runtimes = new Map<string | undefined, Promise<Runtime>>();
  let limit: ReturnType<typeof parallelRuns> | undefined;
  whenEngineIsGone(process, endAsTheEngineWould);

  function runtimeFor(statePath: string | undefined): Promise<Runtime> {
    const known = runtimes.get(statePath);
    if (known) return known;
    const runtime = open({ environment: process.env, statePath, operationId, progress });
    runtimes.set(statePath, runtime);
    runtime.then(
      ({ close }) => process.once("exit", () => void close()),
      // The next resource tries again, and is told why in its own name.
      () => runtimes.delete(statePath),
    );
    return runtime;
  }

  return {
    portsFor: async (statePath) => (await runtimeFor(statePath)).ports,
    limit: () => (limit ??= parallelRuns(process.env)),
    cancellation: createCancellation(process, (signal) => {
      setTimeout(() => process.kill(process.pid, signal), LAST_WORDS_MS);
    }),
    write,
    operationId,
    // Set by `curfew deploy drift --repair`: no property may say it, for the state would keep it.
    origin: process.env["CURFEW_REPAIR"] === "1" ? "person" : "schedule",
  };
}

/** Nobody takes a result any more. Runs that stop in time give back their leases; the others are as after a crash. */
function endAsTheEngineWould(): void {
  process.kill(process.pid, "SIGINT");
  setTimeout(() => process.exit(1), KILL_AFTER_MS);
}
