import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Runner } from "./pipeline.js";

type ByName = Readonly<Record<string, string>>;

/** Removes what an earlier job may have left at these paths: a real job begins in a clean folder. */
export async function forget(paths: readonly string[], { folder }: Pick<Runner, "folder">): Promise<void> {
  for (const path of paths) await rm(join(folder, path), { force: true });
}

/** The texts of the files that are there, by name. */
export async function readFiles(pathsByName: ByName, { folder }: Pick<Runner, "folder">): Promise<ByName> {
  const texts = Object.entries(pathsByName).map(async ([name, path]) => {
    const text = await readFile(join(folder, path), "utf8").catch(() => undefined);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries((await Promise.all(texts)).flat());
}
