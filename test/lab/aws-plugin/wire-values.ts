import type { Properties } from "./resource-type.js";

/** Marks an object of the engine's that is not plain data. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** Stands for a value that a preview cannot know. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Plain values out of what the engine sends: secrets and outputs are opened, files and archives stay as they are. */
export function openProperties(properties: Properties): Properties {
  return open(properties) as Properties;
}

function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  const marked = value as { readonly [SIGNATURE]?: string; readonly value?: unknown };
  if (marked[SIGNATURE] === SECRET || marked[SIGNATURE] === OUTPUT) return open(marked.value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, open(each)]));
}

/** True when a preview left something open, so that nothing can be said of the whole. */
export function hasUnknowns(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN;
  return Object.values(value).some(hasUnknowns);
}

/** The same with each file and archive replaced by its hash: a new path to the same bytes is no change. */
export function byContent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byContent);
  if (typeof value !== "object" || value === null) return value;
  const { hash } = value as { readonly hash?: unknown };
  if (SIGNATURE in value && hash !== undefined) return hash;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, byContent(each)]));
}
