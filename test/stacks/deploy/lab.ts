import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { stringify } from "yaml";

import type { Fault } from "../../../stacks/deploy/fault.js";
import { packagePath } from "../../lab/package-path.js";
import { placeProviderPlaceholders } from "../../lab/pulumi/provider-plugins.js";
import { resolveTool } from "../../lab/tools/resolve.js";

/** How a `curfew deploy` ended. */
export interface DeployEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the lab may be given. */
export interface DeployLabOptions {
  /** Laid over the variables by which clusters are simulated; undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Folders in front of PATH, where the engine looks first for a plugin such as `pulumi-resource-aws`. */
  readonly programs?: readonly string[];
}

/** What a run may be given. */
export interface DeployRun {
  /** Laid over the lab's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with what comes on stderr, and the deployer's process id. */
  readonly onStderr?: (text: string, pid: number) => void;
}

/** One line of `--json`. */
export interface JsonLine {
  readonly event: string;
  readonly [key: string]: unknown;
}

/** A project of its own with this package installed, a real CLI, and a file backend. */
export interface DeployLab extends AsyncDisposable {
  readonly folder: string;
  readonly project: string;
  /** Replaces an environment's stack file. */
  declare(environment: string, config: Readonly<Record<string, unknown>>): Promise<void>;
  /** Runs `curfew deploy`; `environment` is laid over the lab's own variables. */
  deploy(words: readonly string[], options?: DeployRun): Promise<DeployEnd>;
  /** The resources of a stack by the backend's file; undefined when there is no such stack. */
  resources(stack: string): Promise<readonly Resource[] | undefined>;
  /** Writes a lock as another run would hold it. */
  lock(stack: string, holder: { readonly host?: string; readonly pid: number }): Promise<void>;
  /** The engine's own program, e.g. to put a script before it on PATH. */
  readonly cli: string;
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly created?: string;
  readonly modified?: string;
  readonly dependencies?: readonly string[];
}

/** Where the compiled deployer lies when tests run from `bin`, or were compiled before. */
const DEPLOYER = packagePath("bin", "stacks", "deploy", "main.js");

/**
 * Makes the lab. Its clusters are simulated unless told otherwise; their state lies in a file, because each stack has a
 * provider process of its own.
 */
export async function createDeployLab(options: DeployLabOptions = {}): Promise<DeployLab> {
  const cli = await resolveTool("pulumi", {});
  const folder = await mkdtemp(join(tmpdir(), "curfew-deploy-lab-"));
  const project = join(folder, "project");
  const home = join(folder, "home");
  await Promise.all([mkdir(join(folder, "backend")), mkdir(join(project, "stacks"), { recursive: true })]);
  await placeProviderPlaceholders(home, packagePath("node_modules"));
  await writeProject(project);
  const variables = {
    PATH: [...(options.programs ?? []), dirname(process.execPath), dirname(cli), process.env["PATH"] ?? ""].join(
      delimiter,
    ),
    HOME: folder,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "correct horse",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    CURFEW_CONNECTOR: "memory",
    CURFEW_STATE: join(folder, "state.db"),
    ...options.environment,
  };
  const backend = join(folder, "backend", ".pulumi");

  return {
    folder,
    project,
    cli,
    declare: (environment, config) =>
      writeFile(join(project, "stacks", `Pulumi.${environment}.yaml`), stringify({ config: prefixed(config) })),
    deploy: (words, { environment = {}, onStderr } = {}) =>
      run([DEPLOYER, ...words], { cwd: project, env: { ...variables, ...environment }, onStderr }),
    async resources(stack) {
      const text = await readFile(join(backend, "stacks", "deployed", `${stack}.json`), "utf8").catch(() => undefined);
      if (text === undefined) return undefined;
      const state = JSON.parse(text) as { checkpoint: { latest?: { resources?: Resource[] } } };
      return state.checkpoint.latest?.resources ?? [];
    },
    async lock(stack, { host = hostname(), pid }) {
      const locks = join(backend, "locks", "organization", "deployed", stack);
      await mkdir(locks, { recursive: true });
      const lock = { pid, username: "somebody", hostname: host, timestamp: "2026-11-21T19:50:23.465997073Z" };
      await writeFile(join(locks, "0d8f.json"), JSON.stringify(lock));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Ids of the clusters that a stack holds, in order. */
export async function clustersOf(lab: DeployLab, stack: string): Promise<readonly string[]> {
  const resources = (await lab.resources(stack)) ?? [];
  return resources.flatMap(({ type, id }) => (type.endsWith(":ClusterSchedule") ? (id ?? "") : [])).toSorted();
}

/** The last JSON line of an ended `--json` command. */
export function summaryOf({ stdout }: DeployEnd): JsonLine {
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as JsonLine;
}

/** Codes of all faults in its summary. */
export function codesOf(end: DeployEnd): readonly string[] {
  return faultsOf(end).map(({ code }) => code);
}

/** All faults in its summary. */
export function faultsOf(end: DeployEnd): readonly Fault[] {
  const { environments } = summaryOf(end) as unknown as { environments: { faults: Fault[] }[] };
  return environments.flatMap(({ faults }) => faults);
}

/** Outcomes of all stacks in its summary, by stack. */
export function outcomesOf(end: DeployEnd): Readonly<Record<string, string>> {
  const { environments } = summaryOf(end) as unknown as {
    environments: { stacks: { stack: string; outcome: string }[] }[];
  };
  return Object.fromEntries(environments.flatMap(({ stacks }) => stacks.map(({ stack, outcome }) => [stack, outcome])));
}

/** Clusters `name-0`, `name-1`, …, spread over two accounts. */
export function clusters(name: string, count: number): readonly Readonly<Record<string, string>>[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${name}-${index}`,
    account: index % 2 === 0 ? "111111111111" : "222222222222",
    region: "eu-west-1",
    schedule: "always",
  }));
}

/** A schedule by which clusters are always awake, so that nothing has to be done with them. */
export const ALWAYS = { always: { timezone: "UTC", awake: "always" } };

/** This package's own program, but that it breaks in the stack that BREAK_STACK names, and says what it should not. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
export * from ${JSON.stringify(packagePath("bin", "stacks", "index.js"))};
if (pulumi.getStack() === process.env.BREAK_STACK)
  throw new pulumi.RunError("broken on purpose, with " + process.env.AWS_SECRET_ACCESS_KEY);
`;

/** A pack that refuses clusters of the name that its config says, and nothing else. */
export async function writePolicyPack(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: { name: nodejs, options: { typescript: false } }\n");
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "guard", version: "1.0.0", main: "index.cjs" }));
  await writeFile(join(folder, "index.cjs"), PACK);
}

const PACK = `
const { PolicyPack } = require("@pulumi/policy");
const configSchema = { properties: { name: { type: "string", default: "nobody" } } };
const validateResource = (args, report) => {
  if (args.props.cluster === args.getConfig().name) report(args.props.cluster + " is not to be touched");
};
new PolicyPack("guard", {
  policies: [{ name: "untouchable", description: "Untouchable.", enforcementLevel: "mandatory", configSchema, validateResource }],
});
`;

async function writeProject(project: string): Promise<void> {
  const runtime = { name: "nodejs", options: { typescript: false } };
  const settings = { name: "deployed", runtime, stackConfigDir: "stacks" };
  await writeFile(join(project, "Pulumi.yaml"), stringify(settings));
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "deployed", type: "module", exports: "./program.js" }),
  );
  await writeFile(join(project, "program.js"), PROGRAM);
  await writePolicyPack(join(project, "policy"));
  // No more of node_modules than is needed, because the engine looks through all of it for plugins.
  await mkdir(join(project, "node_modules"));
  const links = { curfew: packagePath(), "@pulumi": packagePath("node_modules", "@pulumi") };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(project, "node_modules", name));
}

function prefixed(config: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `curfew:${key}`, value]),
  );
}

function run(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly onStderr: DeployRun["onStderr"];
  },
): Promise<DeployEnd> {
  const { cwd, env, onStderr } = options;
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
    onStderr?.(data.toString(), child.pid ?? 0);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
