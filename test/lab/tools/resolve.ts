import { access, constants, realpath } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { installOnce, isThere, platform, toolFolder } from "./cache.js";
import { CATALOGUE, type Tool, type ToolName } from "./catalogue.js";
import { runCommand } from "./command.js";
import { download } from "./download.js";
import { goBuild } from "./go-build.js";
import { makeMinistackVenv } from "./ministack-venv.js";
import { addPulumiCompanions } from "./pulumi-companions.js";

/** Says what takes long, one line at a time. */
export type Progress = (line: string) => void;

export interface ResolveOptions {
  readonly progress?: Progress | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The absolute path of a tool, which is fetched or built if need be: path given in the environment
 * (`CURFEW_LAB_ETCD` …), PATH (only at the wanted version), cache, official download, Go modules.
 * `pulumi` lies in a folder `bin` beside its language host, so `PulumiCommand.get({ root })` takes the folder
 * above; `ministack` is the Python of a virtual environment that can import it.
 * Calling twice, or from two processes at once, is safe. Rejects when every way fails.
 */
export async function resolveTool(name: ToolName, options: ResolveOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const tool = CATALOGUE[name];
  const given = env[tool.variable];
  if (given) return requireExecutable(given, tool.variable);
  const folder = toolFolder(tool, env);
  const program = join(folder, tool.program);
  const found = await findOnPath(tool, env);
  if (found) return found;
  if (await isThere(program)) return program;
  await installOnce(folder, (into) => install(tool, into, options.progress ?? (() => undefined)));
  return program;
}

/** Resolves many tools, one after the other because each build uses every core. */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  options: ResolveOptions = {},
): Promise<Readonly<Record<Name, string>>> {
  const paths: [Name, string][] = [];
  for (const name of names) paths.push([name, await resolveTool(name, options)]);
  return Object.fromEntries(paths) as Record<Name, string>;
}

async function requireExecutable(path: string, variable: string): Promise<string> {
  await access(path, constants.X_OK).catch(() => {
    throw new Error(`${variable} names ${path}, which is no program that can be run`);
  });
  return path;
}

async function findOnPath(tool: Tool, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!tool.versionArguments) return undefined;
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    const candidate = join(folder, basename(tool.program));
    if (folder && (await isThere(candidate)) && (await isWanted(tool, candidate))) return candidate;
  }
  return undefined;
}

async function isWanted(tool: Tool, candidate: string): Promise<boolean> {
  if (tool.name === "pulumi" && !(await hasLanguageHost(candidate))) return false;
  const answer = await runCommand(candidate, tool.versionArguments ?? []).catch(() => "");
  return new RegExp(`(^|[^0-9.])${tool.version.replaceAll(".", "\\.")}($|[^0-9.])`, "m").test(answer);
}

/** `PulumiCommand.get({ root })` insists on `root/bin/pulumi`, and the CLI on its language host beside it. */
async function hasLanguageHost(pulumi: string): Promise<boolean> {
  const folder = dirname(await realpath(pulumi));
  return basename(dirname(pulumi)) === "bin" && isThere(join(folder, "pulumi-language-nodejs"));
}

async function install(tool: Tool, into: string, progress: Progress): Promise<void> {
  if (tool.name === "ministack") {
    progress(`installing ministack ${tool.version} into a Python environment …`);
    return makeMinistackVenv(into);
  }
  if (await tryDownload(tool, into, progress)) return;
  for (const build of tool.builds) {
    progress(`building ${build.output} from Go modules, about ${minutes(build.minutes)} …`);
    await goBuild(build, into);
  }
  if (tool.name === "pulumi") await addPulumiCompanions(into);
}

const minutes = (count: number): string => (count === 1 ? "1 minute" : `${count} minutes`);

async function tryDownload(tool: Tool, into: string, progress: Progress): Promise<boolean> {
  const source = tool.download?.(platform());
  if (!source) return false;
  progress(`downloading ${tool.name} ${tool.version} …`);
  const outcome = await download(source, into);
  if (outcome.kind === "unreachable") progress(`no download of ${tool.name}: ${outcome.why}`);
  return outcome.kind === "installed";
}
