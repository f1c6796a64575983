import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";

import type { Environment } from "./environment.js";
import type { Project } from "./project.js";

/** One stack of an environment: what it should hold. */
export interface Shard {
  /** From 1; the first is named as the environment, and has the hub if there is one. */
  readonly number: number;
  readonly stack: string;
  /** Ids of its clusters. */
  readonly clusters: readonly string[];
}

/** Where the lists of clusters lie, relative to the project's folder: a path that changed would change each stack. */
const LISTS = join(".curfew", "deploy");

/**
 * A folder below `parent` from which the engine runs the project's own program for one shard. It has a project file and a
 * stack file of its own, so that shards side by side share no file, and what the CLI writes there touches nothing committed.
 * An environment that fits into one stack gets exactly the config that a plain `pulumi up` would have.
 */
export async function createShardWorkspace(
  shard: Shard,
  {
    project,
    environment,
    isOnly,
  }: { readonly project: Project; readonly environment: Environment; readonly isOnly: boolean },
  { parent, pulumiCommand }: { readonly parent: string; readonly pulumiCommand: PulumiCommand },
): Promise<LocalWorkspace> {
  const workDir = join(parent, shard.stack);
  await mkdir(workDir, { recursive: true });
  await writeFile(join(workDir, "Pulumi.yaml"), stringify(project.portableSettings));
  const { config = {}, ...rest } = environment.stackFile as { readonly config?: Readonly<Record<string, unknown>> };
  const own = isOnly ? {} : await writeList(shard, project, environment);
  await writeFile(join(workDir, `Pulumi.${shard.stack}.yaml`), stringify({ ...rest, config: { ...config, ...own } }));
  return LocalWorkspace.create({ workDir, pulumiCommand, envVars: leanStarts(parent), ...secretsProvider(rest) });
}

/**
 * The engine starts three Node processes for each command on each stack, which load the same code. With a cache, that of
 * the deployment, only the first has to compile it, about a fifth of a small stack's preview; without what the SDK seldom
 * uses, they take a fifth less for a whole deployment. What the caller has set stays.
 */
function leanStarts(parent: string): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE = join(parent, "compiled"), NODE_OPTIONS = "" } = process.env;
  return { NODE_COMPILE_CACHE, NODE_OPTIONS: `${NODE_OPTIONS} --import=${LEAN_SDK}`.trimStart() };
}

/** As a URL, in which no character needs quotes. */
const LEAN_SDK = import.meta.resolve("../../policy/lean-sdk.js");

/** A private folder for everything that one deployment writes. */
export function createDeployFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "curfew-deploy-"));
}

async function writeList({ stack, clusters }: Shard, { folder }: Project, { name }: Environment) {
  await mkdir(join(folder, LISTS), { recursive: true });
  const path = join(LISTS, `${stack}.json`);
  await writeFile(join(folder, path), `${JSON.stringify(clusters, undefined, 1)}\n`);
  return { "curfew:shard": path, "curfew-deploy:environment": name };
}

function secretsProvider({ secretsprovider }: { readonly secretsprovider?: unknown }) {
  return typeof secretsprovider === "string" ? { secretsProvider: secretsprovider } : {};
}
