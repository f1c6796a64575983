import type { Runtime, RuntimeOptions } from "../compose.js";

/** Everything that the command needs of the process it runs in. */
export interface CliHost {
  /** Without the interpreter and the script. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Absolute. */
  readonly cwd: string;
  /** Aborts when a person wants runs to stop at a safe point. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds; for commands that open no runtime. */
  readonly now: () => number;
  readonly openRuntime: (options: RuntimeOptions) => Promise<Runtime>;
  /** The text of a file by its absolute path; undefined when it cannot be read. */
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Writes a file by its absolute path, its folder included. Rejects when there is one already, unless it may be replaced. */
  readonly writeText: (path: string, text: string, mayReplace: boolean) => Promise<void>;
}

/** A stream, as far as the command writes to it. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}
