import type { Parsed, Placed, Problem } from "./problem.js";
import type { WindowInput } from "./schedule-input.js";
import { compilePattern } from "./window-pattern.js";
import type { WindowPattern } from "./window-pattern.js";
import { parseWindow, windowKey } from "./window.js";
import type { Window } from "./window.js";

/** Reads a list of windows. They may overlap, but one that stands there twice is refused. */
export function parseWindows(inputs: readonly Placed<WindowInput>[], minimumMinutes: number): Parsed<WindowPattern> {
  const problems: Problem[] = [];
  const windows = new Map<string, Placed<Window>>();
  for (const { value: input, path } of inputs) {
    const window = parseWindow(input, path, minimumMinutes);
    if (!window.ok) {
      problems.push(...window.problems);
      continue;
    }
    const key = windowKey(window.value);
    const twin = windows.get(key);
    if (twin === undefined) windows.set(key, { value: window.value, path });
    else
      problems.push({
        path,
        message: `is the same window as ${twin.path}: remove one of them`,
      });
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: compilePattern([...windows.values()].map(({ value }) => value)),
  };
}
