import { parseClusterId } from "../ports/index.js";
import type { PlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import { pathSchema } from "./sections.js";
import { checkShape } from "./shape.js";
import type { Files } from "./sources.js";
import { quote } from "./wording.js";

/**
 * The clusters (`account/region/name`) that this stack holds of those declared, as the deployer's file lists them; null
 * when the stack holds them all. An id of which config knows nothing any more is no problem: the file may be the older one.
 */
export function parseShard(raw: PlainRecord, files: Files, problems: ProblemList): ReadonlySet<string> | null {
  const declared = raw["shard"] ?? null;
  const path = declared === null ? undefined : problems.take(checkShape(pathSchema, declared, "shard"));
  if (path === undefined) return null;
  const text = files.get(path);
  if (text === undefined) {
    problems.add("shard", `names a file that cannot be read: ${quote(path)}`);
    return null;
  }
  const ids = clusterIds(text);
  if (ids === null) problems.add("shard", `${path} must be a JSON list of clusters as account/region/name`);
  return ids;
}

function clusterIds(text: string): ReadonlySet<string> | null {
  const ids = parseJson(text);
  const isList = Array.isArray(ids) && ids.every((id) => typeof id === "string" && parseClusterId(id) !== undefined);
  return isList ? new Set(ids as string[]) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
