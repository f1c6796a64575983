/** The part of `process` that hears signals. */
export interface SignalHost {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** Lets runs stop at a safe point when the process is told to end. */
export interface Cancellation {
  /** Does `work` with a signal that aborts on SIGINT or SIGTERM. */
  during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Hears signals only while work is under way; idle, the process ends at once as any other. Pulumi sends SIGINT when
 * a person insists (second Ctrl-C) and kills 5 s later; its first Ctrl-C reaches no dynamic provider. Once the last
 * work has settled, `leave` is called with the signal that was heard.
 */
export function createCancellation(host: SignalHost, leave: (signal: NodeJS.Signals) => void): Cancellation {
  const controller = new AbortController();
  let heard: NodeJS.Signals | undefined;
  let underWay = 0;
  const hear = (signal: NodeJS.Signals): void => {
    heard = signal;
    controller.abort();
  };

  function begin(): void {
    underWay += 1;
    if (underWay === 1) for (const signal of SIGNALS) host.on(signal, hear);
  }

  function end(): void {
    underWay -= 1;
    if (underWay > 0) return;
    for (const signal of SIGNALS) host.off(signal, hear);
    if (heard !== undefined) leave(heard);
  }

  return {
    async during(work) {
      begin();
      try {
        return await work(controller.signal);
      } finally {
        end();
      }
    },
  };
}
