import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { packagePath } from "../package-path.js";
import { resolveTool, type Progress } from "../tools/resolve.js";
import { placeProviderPlaceholders } from "./provider-plugins.js";
import { runPulumi, type PulumiCommandOptions, type PulumiResult } from "./pulumi-command.js";

export interface PulumiWorkspaceOptions {
  /**
   * Added to what the CLI, the program and the provider see, e.g. a lab's `environment`; nothing else of ours reaches them.
   * State is kept in a file of the workspace unless `CURFEW_STATE` is among it; undefined leaves that to the stack.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of Pulumi.yaml; default: this package's root. */
  readonly project?: string;
  /** The stack file that is copied; default: stacks/Pulumi.lab.yaml. */
  readonly stackFile?: string;
  /** Folders in front of PATH, where the engine looks first for a plugin such as `pulumi-resource-aws`. */
  readonly programs?: readonly string[];
  readonly progress?: Progress;
}

/** A real Pulumi CLI with a home and a file backend of its own, and a stack file that may be changed. */
export interface PulumiWorkspace extends AsyncDisposable {
  /** Everything of this workspace lies in here. */
  readonly folder: string;
  /** The copy of the stack file. */
  readonly configFile: string;
  /** `args` go behind the command's own, e.g. `--refresh`. */
  up(args?: readonly string[], options?: PulumiCommandOptions): Promise<PulumiResult>;
  preview(args?: readonly string[], options?: PulumiCommandOptions): Promise<PulumiResult>;
  refresh(args?: readonly string[], options?: PulumiCommandOptions): Promise<PulumiResult>;
  destroy(args?: readonly string[], options?: PulumiCommandOptions): Promise<PulumiResult>;
  /** Frees a stack that a killed command left locked. */
  cancel(): Promise<PulumiResult>;
  /** `pulumi config set --path`, e.g. `curfew:clusters[0].schedule`. Rejects when the CLI refuses. */
  setConfig(path: string, value: string): Promise<void>;
  /** Replaces the stack file. */
  writeConfig(text: string): Promise<void>;
  /** The stack's outputs. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  /** The stack's resources as the backend keeps them. */
  resources(): Promise<readonly StateResource[]>;
  /** Size of the stack's state on disk, in bytes. */
  stateBytes(): Promise<number>;
  /** Removes the folder. Calling twice is safe. */
  remove(): Promise<void>;
}

/** A resource as the state has it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly initErrors?: readonly string[];
}

const STACK = "lab";

/** Makes a workspace with an empty stack. Resolves the CLI first, which builds it once if need be. */
export async function createPulumiWorkspace(options: PulumiWorkspaceOptions): Promise<PulumiWorkspace> {
  const program = await resolveTool("pulumi", { progress: options.progress });
  const project = options.project ?? packagePath();
  const folder = await mkdtemp(join(tmpdir(), "curfew-pulumi-"));
  const configFile = join(folder, `Pulumi.${STACK}.yaml`);
  const env = engineEnvironment(folder, program, options);
  await mkdir(join(folder, "backend"));
  await copyFile(options.stackFile ?? packagePath("stacks", "Pulumi.lab.yaml"), configFile);
  await placeProviderPlaceholders(join(folder, "home"), packagePath("node_modules"));
  const projectName = await nameOf(project);
  await createStack(program, folder, projectName, env);

  const run = (command: readonly string[], commandOptions?: PulumiCommandOptions) =>
    runPulumi(
      program,
      [...command, "--stack", STACK, "--cwd", project, "--non-interactive", "--color", "never"],
      env,
      commandOptions,
    );
  const update =
    (command: string, flags: readonly string[]): PulumiWorkspace["up"] =>
    (args = [], commandOptions) =>
      run([command, ...flags, "--config-file", configFile, ...args], commandOptions);
  const stateFile = join(folder, "backend", ".pulumi", "stacks", projectName, `${STACK}.json`);
  const remove = () => rm(folder, { recursive: true, force: true });

  return {
    folder,
    configFile,
    up: update("up", ["--yes", "--skip-preview", "--suppress-progress"]),
    preview: update("preview", ["--suppress-progress"]),
    refresh: update("refresh", ["--yes", "--skip-preview", "--suppress-progress"]),
    destroy: update("destroy", ["--yes", "--skip-preview", "--suppress-progress"]),
    cancel: () => run(["cancel", "--yes"]),
    async setConfig(path, value) {
      demand(await run(["config", "set", "--path", path, value, "--config-file", configFile]));
    },
    writeConfig: (text) => writeFile(configFile, text),
    async outputs() {
      const { output } = demand(await run(["stack", "output", "--json"]));
      return JSON.parse(output) as Readonly<Record<string, unknown>>;
    },
    async resources() {
      const state = JSON.parse(await readFile(stateFile, "utf8")) as StackState;
      return state.checkpoint.latest.resources ?? [];
    },
    async stateBytes() {
      return (await readFile(stateFile)).byteLength;
    },
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

interface StackState {
  readonly checkpoint: { readonly latest: { readonly resources?: readonly StateResource[] } };
}

/**
 * `stack init` writes a salt into the stack file that it finds by name, and would so change the committed one: it runs in
 * a folder that has nothing but the project's name.
 */
async function createStack(
  program: string,
  folder: string,
  projectName: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const scratch = join(folder, "scratch");
  await mkdir(scratch);
  await writeFile(join(scratch, "Pulumi.yaml"), `name: ${projectName}\nruntime: nodejs\n`);
  demand(await runPulumi(program, ["stack", "init", STACK, "--cwd", scratch, "--non-interactive"], env));
}

async function nameOf(project: string): Promise<string> {
  const [, name] = /^name: *(\S+)/m.exec(await readFile(join(project, "Pulumi.yaml"), "utf8")) ?? [];
  if (name === undefined) throw new Error(`${project} has no Pulumi.yaml with a name`);
  return name;
}

function engineEnvironment(
  folder: string,
  program: string,
  { environment, programs = [] }: PulumiWorkspaceOptions,
): Readonly<Record<string, string>> {
  const path = [
    ...programs,
    dirname(process.execPath),
    packagePath("node_modules", ".bin"),
    dirname(program),
    process.env["PATH"] ?? "",
  ];
  const all: Readonly<Record<string, string | undefined>> = {
    PATH: path.join(delimiter),
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // What has no placeholder is an error then, not a call to the vendor's site.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    CURFEW_STATE: join(folder, "state.db"),
    ...environment,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function demand(result: PulumiResult): PulumiResult {
  if (result.exitCode === 0) return result;
  throw new Error(`pulumi exited with ${String(result.exitCode)}:\n${result.output.slice(-2_000)}`);
}
