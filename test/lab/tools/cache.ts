import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Platform, Tool } from "./catalogue.js";

/** Between two looks at a lock that another process holds. */
const LOCK_POLL_MS = 500;

/** This computer in Go's words. */
export const platform = (): Platform => ({
  os: process.platform,
  arch: process.arch === "x64" ? "amd64" : process.arch,
});

/** The folder that keeps tools between runs: `$CURFEW_LAB_CACHE`, else the user's cache folder. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const given = env["CURFEW_LAB_CACHE"];
  if (given) return given;
  return join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "curfew-lab");
}

/** Where one tool lies in the cache, whether it is there yet or not. */
export function toolFolder(tool: Tool, env: NodeJS.ProcessEnv): string {
  const { os, arch } = platform();
  return join(cacheFolder(env), `${tool.name}-${tool.version}-${os}-${arch}`);
}

/** True when a file or folder is there. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Fills `folder` by `fill`, which gets an empty folder to write into. `folder` appears whole or not at all:
 * the finished work is renamed into place, and of two processes that finish at once the first one wins.
 * A lock saves the second process the work; correctness does not hang on it.
 */
export async function installOnce(folder: string, fill: (into: string) => Promise<void>): Promise<void> {
  await mkdir(join(folder, ".."), { recursive: true });
  const release = await takeLock(`${folder}.lock`);
  const partial = `${folder}.${process.pid}.partial`;
  try {
    if (await isThere(folder)) return;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await fill(partial);
    await rename(partial, folder).catch(async (error: unknown) => {
      if (!(await isThere(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
    await release();
  }
}

async function takeLock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const file = await open(path, "wx");
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (!(await holderLives(path))) await rm(path, { force: true });
    else await sleep(LOCK_POLL_MS);
  }
}

async function holderLives(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, "utf8").catch(() => ""));
  // An empty file: its writer is between open and write.
  if (!pid) return isThere(path);
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
