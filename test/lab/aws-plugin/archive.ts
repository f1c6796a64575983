import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { zipSync } from "fflate";
import { z } from "zod";

/** A file or a folder as the engine hands it over; it has the hash of its bytes beside it. */
const FILE = z.looseObject({ path: z.string().optional(), text: z.string().optional() });
const ARCHIVE = z.looseObject({ path: z.string().optional(), assets: z.record(z.string(), FILE).optional() });

/** An archive of code. */
export const archive = ARCHIVE;

/** The bytes of a zip file: the archive's own when it is one, else made of its folder or of its files. */
export async function zipOf({ path, assets }: z.output<typeof ARCHIVE>): Promise<Uint8Array> {
  if (path?.endsWith(".zip") === true) return readFile(path);
  const files: Record<string, Uint8Array> = {};
  if (path !== undefined) await addFolder(files, path);
  for (const [name, asset] of Object.entries(assets ?? {})) await addAsset(files, name, asset);
  if (Object.keys(files).length === 0) throw new Error("The function's code is an archive without files.");
  return zipSync(files);
}

async function addFolder(files: Record<string, Uint8Array>, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(folder.length).replace(/^\/+/, "")] = await readFile(path);
  }
}

/** An asset inside an archive is a file, or an archive of its own whose files go below its name. */
async function addAsset(
  files: Record<string, Uint8Array>,
  name: string,
  { path, text, assets }: z.output<typeof FILE> & { readonly assets?: unknown },
): Promise<void> {
  if (text !== undefined) files[name] = Buffer.from(text);
  else if (assets !== undefined) {
    for (const [inner, asset] of Object.entries(assets as Record<string, z.output<typeof FILE>>))
      await addAsset(files, `${name}/${inner}`, asset);
  } else if (path !== undefined) await addPath(files, name, path);
}

async function addPath(files: Record<string, Uint8Array>, name: string, path: string): Promise<void> {
  const within: Record<string, Uint8Array> = {};
  const isFolder = await addFolder(within, path).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOTDIR",
  );
  if (!isFolder) files[name] = await readFile(path);
  for (const [inner, bytes] of Object.entries(within)) files[name === "." ? inner : `${name}/${inner}`] = bytes;
}
