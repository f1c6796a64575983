import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json: compiled code runs from bin/, but data files stay beside their sources. */
const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("no package.json above the lab's sources");
  return findRoot(parent);
}

/** Absolute path of a file in this package, given relative to its root. */
export const packagePath = (...segments: readonly string[]): string => join(ROOT, ...segments);
