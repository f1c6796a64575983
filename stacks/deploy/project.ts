import { readdir, readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";

import { parse } from "yaml";

import { refused, type Attempt } from "./fault.js";
import { isThere } from "./is-there.js";

/** The Pulumi project whose environments are deployed. Paths are absolute. */
export interface Project {
  readonly name: string;
  readonly folder: string;
  /** Where its stack files lie. */
  readonly stackFolder: string;
  /** The environments that have a stack file. */
  readonly environments: readonly string[];
  /** Its settings, such that they mean the same from another folder. */
  readonly portableSettings: PlainSettings;
}

type PlainSettings = Readonly<Record<string, unknown>>;

/** Finds the project of a folder, in it or above it. */
export async function readProject(from: string): Promise<Attempt<Project>> {
  const folder = await findFolder(resolve(from));
  if (folder === undefined)
    return refused("project-missing", `Neither ${from} nor a folder above it has a Pulumi.yaml.`, "Go to the project.");
  const settings = parseSettings(await readFile(join(folder, "Pulumi.yaml"), "utf8"));
  const name = settings?.["name"];
  if (settings === undefined || typeof name !== "string")
    return refused("config-invalid", `${join(folder, "Pulumi.yaml")} is not a project's file.`, "Give it a name.");
  const { stackConfigDir = "" } = settings;
  const stackFolder = join(folder, String(stackConfigDir));
  const environments = await listEnvironments(stackFolder);
  return { ok: true, value: { name, folder, stackFolder, environments, portableSettings: portable(settings, folder) } };
}

async function findFolder(folder: string): Promise<string | undefined> {
  if (await isThere(join(folder, "Pulumi.yaml"))) return folder;
  return dirname(folder) === folder ? undefined : findFolder(dirname(folder));
}

function parseSettings(text: string): PlainSettings | undefined {
  try {
    return (parse(text) as PlainSettings | null) ?? undefined;
  } catch {
    return undefined;
  }
}

async function listEnvironments(stackFolder: string): Promise<readonly string[]> {
  const files = await readdir(stackFolder).catch(() => []);
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).toSorted();
}

/** `main` names the program; a project without one has it in its own folder, which is where it then runs too. */
function portable({ stackConfigDir: _, ...settings }: PlainSettings, folder: string): PlainSettings {
  const main = typeof settings["main"] === "string" ? resolve(folder, settings["main"]) : folder;
  const plugins = settings["plugins"];
  return { ...settings, main, ...(plugins !== undefined && { plugins: withAbsolutePaths(plugins, folder) }) };
}

/** Every `path` below `plugins` names a folder of the project. */
function withAbsolutePaths(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withAbsolutePaths(item, folder));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
    if (key === "path" && typeof item === "string" && !isAbsolute(item)) return [key, resolve(folder, item)];
    return [key, withAbsolutePaths(item, folder)];
  });
  return Object.fromEntries(entries);
}
