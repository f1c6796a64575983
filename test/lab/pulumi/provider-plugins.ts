import type { Dirent } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A package whose resources are served by a program that Pulumi would download. */
interface ProviderPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Puts a placeholder for every provider plugin that the installed npm packages could ask for into `home`.
 *
 * Before a program runs, the engine looks for such packages in all of node_modules, used or not, and fetches their
 * plugins from the vendor's site. The lab's stacks use none of them and the lab never leaves this computer; CLI 3.220
 * has no flag to leave it (`--skip-plugin-pre-install` came with 3.238).
 */
export async function placeProviderPlaceholders(home: string, nodeModules: string): Promise<void> {
  for (const { name, version } of await providerPackages(nodeModules)) {
    const folder = join(home, "plugins", `resource-${name}-v${version}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `pulumi-resource-${name}`), placeholder(name, version), { mode: 0o755 });
  }
}

const placeholder = (name: string, version: string): string => `#!/bin/sh
echo "The provider plugin ${name} ${version} is not part of the lab: no stack of it may use ${name} resources." >&2
exit 1
`;

/** Every installed package that names a plugin, nested ones too: two packages may want two versions of one. */
async function providerPackages(nodeModules: string): Promise<readonly ProviderPackage[]> {
  const found: ProviderPackage[] = [];
  for (const folder of await packageFolders(nodeModules)) {
    const plugin = await readPlugin(join(folder, "package.json"));
    if (plugin !== undefined) found.push(plugin);
    found.push(...(await providerPackages(join(folder, "node_modules"))));
  }
  return found;
}

async function packageFolders(nodeModules: string): Promise<readonly string[]> {
  const entries = await subfolders(nodeModules);
  const folders = entries.map(async ({ name }) => {
    const folder = join(nodeModules, name);
    if (!name.startsWith("@")) return [folder];
    return (await subfolders(folder)).map((scoped) => join(folder, scoped.name));
  });
  return (await Promise.all(folders)).flat();
}

async function subfolders(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
}

async function readPlugin(path: string): Promise<ProviderPackage | undefined> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  const { pulumi } = JSON.parse(text) as { readonly pulumi?: { resource?: boolean; name?: string; version?: string } };
  if (pulumi?.resource !== true || pulumi.name === undefined || pulumi.version === undefined) return undefined;
  return { name: pulumi.name, version: pulumi.version.replace(/^v/, "") };
}
