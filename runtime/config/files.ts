import type { PlainRecord } from "./plain-record.js";
import { isPlainRecord } from "./plain-record.js";
import type { Files } from "./sources.js";
import { parseStackFile } from "./stack-file.js";

/**
 * The files that config names: its catalogue, its shard and its iCalendar files, each once, and those that the
 * catalogue names in turn if it is in `files` already. Never throws: what is malformed names nothing.
 */
export function referencedFiles(raw: PlainRecord, files: Files = new Map()): readonly string[] {
  const path = raw["catalogue"];
  const catalogue = typeof path === "string" ? parseStackFile(files.get(path) ?? "") : undefined;
  const named = [path, raw["shard"], ...icalPaths(raw), ...(catalogue?.ok === true ? icalPaths(catalogue.value) : [])];
  return [...new Set(named.filter((entry) => typeof entry === "string"))];
}

/**
 * Reads every file that config names through `read`, each once. A file for which `read` gives undefined
 * is left out, and `parseFleet` then says where it was named.
 */
export async function gatherFiles(
  raw: PlainRecord,
  read: (path: string) => Promise<string | undefined>,
): Promise<Files> {
  const asked = new Set<string>();
  const files = new Map<string, string>();
  for (;;) {
    const fresh = referencedFiles(raw, files).filter((path) => !asked.has(path));
    if (fresh.length === 0) return files;
    for (const path of fresh) {
      asked.add(path);
      const text = await read(path);
      if (text !== undefined) files.set(path, text);
    }
  }
}

function icalPaths(raw: PlainRecord): readonly unknown[] {
  const calendars = raw["calendars"];
  if (!isPlainRecord(calendars)) return [];
  return Object.values(calendars).map((calendar) => (isPlainRecord(calendar) ? calendar["ical"] : undefined));
}
