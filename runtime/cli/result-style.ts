import type { RunResult } from "../run/index.js";
import { endingOf, type Ending } from "./exit-codes.js";
import type { Style } from "./terminal.js";

const STYLES: Readonly<Record<Ending, Style>> = { done: "green", blocked: "yellow", partial: "yellow", failed: "red" };

/** How a run's result stands out. */
export function resultStyle(result: RunResult): Style {
  return STYLES[endingOf(result)];
}
