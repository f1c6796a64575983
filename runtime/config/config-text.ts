import type { YAMLError } from "yaml";
import { parseDocument } from "yaml";

import type { Parsed, Problem } from "../schedule/index.js";
import type { PlainRecord } from "./plain-record.js";
import { isPlainRecord } from "./plain-record.js";

/** A YAML or JSON text as a map. An empty text is an empty map. Syntax errors say their line and column. */
export function parseConfigText(text: string): Parsed<PlainRecord> {
  const json = parseJson(text);
  if (json !== null) return { ok: true, value: json };
  const yaml = parseYaml(text);
  if (!yaml.ok) return yaml;
  if (isPlainRecord(yaml.value)) return { ok: true, value: yaml.value };
  if (yaml.value === null) return { ok: true, value: {} };
  return { ok: false, problems: [{ path: "line 1, column 1", message: "must be a map of keys, such as clusters:" }] };
}

/** The library reports errors of syntax, and throws those of aliases and merges, without saying where. */
function parseYaml(text: string): Parsed<unknown> {
  try {
    const document = parseDocument(text, { merge: true });
    if (document.errors.length > 0) return { ok: false, problems: document.errors.map(syntaxProblem) };
    return { ok: true, value: document.toJS() as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [{ path: "file", message: `is not YAML: ${reason}` }] };
  }
}

/** A map in plain JSON, at a hundredth of YAML's price: a catalogue may hold thousands of clusters. Null for everything else. */
function parseJson(text: string): PlainRecord | null {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isPlainRecord(value) ? value : null;
  } catch {
    // YAML's parser says what is wrong, with line and column.
    return null;
  }
}

/** The library's message goes on with a picture of the lines, which fits no table. */
function syntaxProblem({ message, linePos }: YAMLError): Problem {
  const sentence = (message.split("\n", 1)[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
  const [start] = linePos ?? [];
  return {
    path: start === undefined ? "file" : `line ${start.line}, column ${start.col}`,
    message: `is not YAML: ${sentence}`,
  };
}
