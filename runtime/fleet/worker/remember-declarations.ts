import { LRUCache } from "lru-cache";

import { parseClusterDeclaration } from "../../config/index.js";
import type { WorkerPorts } from "./ports.js";

/**
 * Reads declarations and remembers the last `max` of them by their text: a warm worker sees the same clusters again, and a
 * frozen spec may be shared.
 */
export function rememberDeclarations(max = 1000): WorkerPorts["parseDeclaration"] {
  const known = new LRUCache<string, ReturnType<typeof parseClusterDeclaration>>({ max });
  return (text) => {
    const parsed = known.get(text) ?? parseClusterDeclaration(text);
    known.set(text, parsed);
    return parsed;
  };
}
