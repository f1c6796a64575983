/** Time between two looks at a quiet engine. */
const LOOK_EVERY_MS = 5_000;

/** The part of `process` that reaches the Pulumi engine which started the process. */
export interface EnginePipes {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Calls `leave` once, some seconds after the engine at the other end of the pipes has died without ending this process.
 * To be called once in a process, and only in one that the engine started.
 *
 * Such a process would live on for ever: the SDK's server keeps it alive, and the SDK's handler of uncaught errors writes
 * to the broken pipe that a write has failed, which fails again. The errors of both pipes end here, before and after
 * `leave`. As one learns of a broken pipe only by writing, empty lines are written to a pipe, which the engine drops
 * (plugin.go, `runtrace`).
 */
export function whenEngineIsGone({ stdout, stderr }: EnginePipes, leave: () => void): void {
  const look = setInterval(() => stdout.write("\n"), LOOK_EVERY_MS);
  look.unref();
  let isGone = false;
  const notice = (): void => {
    if (isGone) return;
    isGone = true;
    clearInterval(look);
    leave();
  };
  stdout.on("error", notice);
  stderr.on("error", notice);
}
