import { chmod, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { packagePath } from "../lab/package-path.js";
import { runCommand } from "../lab/tools/command.js";

/** The tarball that would be published. */
export interface Packed {
  readonly tarball: string;
  /** Paths in it, sorted. */
  readonly files: readonly string[];
}

const COMMAND = join("bin", "runtime", "cli", "main.js");

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/** Packs what is built already: `npm pack` without the build that goes before it. */
export async function packInto(folder: string): Promise<Packed> {
  const args = ["pack", "--ignore-scripts", "--json", "--loglevel", "error", "--pack-destination", folder];
  const said = await runCommand("npm", args, { cwd: packagePath() });
  const [packed] = JSON.parse(said.slice(said.indexOf("["))) as readonly {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  if (packed === undefined) throw new Error(`npm packed nothing:\n${said}`);
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path).toSorted() };
}

/**
 * Puts the package into `project/node_modules` as `npm install` would, without a registry: itself out of the tarball, its
 * command, and what it depends on as links. Packages that only its development needs are not there.
 */
export async function install(packed: Packed, project: string): Promise<void> {
  const nodeModules = join(project, "node_modules");
  await unpack(packed, join(nodeModules, "curfew"));
  await mkdir(join(nodeModules, ".bin"));
  await symlink(join("..", "curfew", COMMAND), join(nodeModules, ".bin", "curfew"));
  await linkDependencies(project);
}

/** Writes the tarball's content into a folder. */
export async function unpack({ tarball }: Packed, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runCommand("tar", ["-xzf", tarball, "-C", folder, "--strip-components", "1"]);
  await chmod(join(folder, COMMAND), 0o755);
}

/** Links what the package depends on into `project/node_modules`. */
export async function linkDependencies(project: string): Promise<void> {
  for (const name of await dependencies()) {
    const path = join(project, "node_modules", name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(packagePath("node_modules", name), path);
  }
}

/** All that an installation without development's packages has at its top, and the types of Node, which every program needs. */
async function dependencies(): Promise<readonly string[]> {
  const lockfile = JSON.parse(await readFile(packagePath("package-lock.json"), "utf8")) as Lockfile;
  const installed = Object.entries(lockfile.packages).flatMap(([path, { dev = false }]) => {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    return name === undefined || dev ? [] : [name];
  });
  return [...new Set([...installed, "@types/node"])];
}
