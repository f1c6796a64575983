import type { Parsed, Problem } from "../schedule/index.js";

/** Gathers the problems of many parsers, so that a person sees all of them at once. */
export interface ProblemList {
  add(path: string, message: string): void;
  /** The parsed value; undefined, with its problems noted, when there is none. */
  take<T>(parsed: Parsed<T>): T | undefined;
  /** `value()` if nothing was noted; otherwise everything that was, each problem once. */
  settle<T>(value: () => T): Parsed<T>;
}

/** An empty list. */
export function createProblemList(): ProblemList {
  const noted = new Map<string, Problem>();
  const add = (path: string, message: string) => void noted.set(`${path}\n${message}`, { path, message });
  return {
    add,
    take(parsed) {
      if (parsed.ok) return parsed.value;
      for (const { path, message } of parsed.problems) add(path, message);
      return undefined;
    },
    settle: (value) => (noted.size === 0 ? { ok: true, value: value() } : { ok: false, problems: [...noted.values()] }),
  };
}
