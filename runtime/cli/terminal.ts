import { styleText } from "node:util";

import type { CliHost } from "./host.js";
import { readVariable } from "./read-variable.js";

/** How a piece of text may stand out. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow";

/** Where answers go: stdout carries the answer, stderr what is told meanwhile. */
export interface Terminal {
  /** `--json` or `-o json` was given: stdout carries one JSON document and nothing else. */
  readonly isJson: boolean;
  /** A part of the answer for people. */
  readonly print: (text: string) => void;
  /** The answer for programs, in one line. */
  readonly document: (value: unknown) => void;
  /** A line on stderr. */
  readonly tell: (line: string) => void;
  /** Colours text if people see them: stdout is a terminal and NO_COLOR is unset. */
  readonly paint: (style: Style, text: string) => string;
}

/** A terminal over the process's streams. */
export function createTerminal({
  argv,
  environment,
  stdout,
  stderr,
}: Pick<CliHost, "argv" | "environment" | "stdout" | "stderr">): Terminal {
  const isColoured = stdout.isTTY === true && readVariable(environment, "NO_COLOR") === undefined;
  return {
    isJson: argv.includes("--json") || asksForJson(argv),
    print: (text) => void stdout.write(`${text}\n`),
    document: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    tell: (line) => void stderr.write(`${line}\n`),
    // Whether to colour is decided here, not once more by what Node thinks of its own stdout.
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** Read here and not by commander, so that a usage error is one JSON document too. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) => /^(?:--output=|-o)json$/.test(word) || (word === "json" && isOutput(argv[index - 1])),
  );
}

function isOutput(word: string | undefined): boolean {
  return word === "-o" || word === "--output";
}
