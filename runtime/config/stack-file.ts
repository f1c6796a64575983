import type { Parsed } from "../schedule/index.js";
import { pathTo } from "../schedule/index.js";
import { parseConfigText } from "./config-text.js";
import { isTooDeep } from "./depth.js";
import type { PlainRecord } from "./plain-record.js";
import { isPlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import { createProblemList } from "./problems.js";

const NAMESPACE = "curfew:";

/** Keys whose value is text and stays text, even if it looks like JSON. */
const TEXT_KEYS: readonly string[] = ["catalogue", "shard", "state"];

/**
 * Reads the declared config out of any Pulumi stack file (`config:` with `curfew:` keys), or out of a file
 * that has the keys at its top (the form of a catalogue). YAML or JSON. Encrypted values are refused.
 * The result's shape is not checked yet: that is `parseFleet`'s work.
 */
export function parseStackFile(text: string): Parsed<PlainRecord> {
  const parsed = parseConfigText(text);
  if (!parsed.ok) return parsed;
  const problems = createProblemList();
  const raw = "config" in parsed.value ? stackConfig(parsed.value["config"], problems) : parsed.value;
  for (const [key, value] of Object.entries(raw)) {
    if (isTooDeep(value)) problems.add(pathTo("", key), "is nested too deeply, or holds itself");
    else refuseSecrets(value, pathTo("", key), problems);
  }
  return problems.settle(() => raw);
}

/**
 * The `curfew:` keys of a stack's whole config, without that prefix; other namespaces are left out.
 * Values may be structures or, as Pulumi hands them to a program, JSON text.
 */
export function curfewConfig(config: PlainRecord): PlainRecord {
  const own = Object.entries(config).filter(([key]) => key.startsWith(NAMESPACE));
  return Object.fromEntries(
    own.map(([key, value]) => {
      const name = key.slice(NAMESPACE.length);
      return [name, TEXT_KEYS.includes(name) ? value : structureOf(value)];
    }),
  );
}

function stackConfig(config: unknown, problems: ProblemList): PlainRecord {
  if (config === null) return {};
  if (!isPlainRecord(config)) {
    problems.add("config", "must be a map of keys such as curfew:clusters");
    return {};
  }
  for (const key of Object.keys(config)) {
    if (!key.includes(":")) problems.add(pathTo("config", key), `must name its namespace: write ${NAMESPACE}${key}`);
  }
  return curfewConfig(config);
}

/** Text that is not JSON, or goes deeper than any config, is left for the shape check to refuse. */
function structureOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  // A key with nothing behind it, as Pulumi hands it to a program.
  if (value === "") return null;
  try {
    const structure: unknown = JSON.parse(value);
    return isTooDeep(structure) ? value : structure;
  } catch {
    return value;
  }
}

/** Pulumi keeps an encrypted value, at any depth, as a map with the single key `secure`. */
function refuseSecrets(value: unknown, path: string, problems: ProblemList): void {
  if (Array.isArray(value)) value.forEach((item, index) => refuseSecrets(item, pathTo(path, index), problems));
  if (!isPlainRecord(value)) return;
  const keys = Object.keys(value);
  if (keys.length === 1 && typeof value["secure"] === "string") {
    problems.add(path, "is encrypted, and only Pulumi can read it: declare it in plain text, nothing here is secret");
    return;
  }
  for (const key of keys) refuseSecrets(value[key], pathTo(path, key), problems);
}
