/** The part of `process` that hears signals. */
interface SignalHost {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

/** How a command is told to stop. */
export interface StopSignals {
  /** Aborts when nothing more is to be begun. */
  readonly stopping: AbortSignal;
  /** Aborts to let engines that are at work stop at a safe point. */
  readonly engines: AbortSignal;
}

/**
 * Listens for SIGINT and SIGTERM from now on, so that neither ends the process. A second one of a kind changes nothing.
 * `isAtTerminal`: Ctrl-C reaches the engines by itself; a second signal from here would make them drop their work.
 */
export function listenForStop(
  host: SignalHost,
  { isAtTerminal, tell }: { readonly isAtTerminal: boolean; readonly tell: (line: string) => void },
): StopSignals {
  const stopping = new AbortController();
  const engines = new AbortController();
  const stop = (reachesEngines: boolean): void => {
    if (!stopping.signal.aborted) tell("Stopping at the next safe point.");
    stopping.abort();
    if (reachesEngines) engines.abort();
  };
  host.on("SIGINT", () => stop(!isAtTerminal));
  host.on("SIGTERM", () => stop(true));
  return { stopping: stopping.signal, engines: engines.signal };
}
