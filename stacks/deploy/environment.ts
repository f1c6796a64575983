import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import {
  checkConfigSize,
  gatherFiles,
  parseFleet,
  parseStackFile,
  type Fleet,
  type ScheduledCluster,
} from "../../runtime/config/index.js";
import type { Parsed } from "../../runtime/schedule/index.js";
import { refused, type Attempt } from "./fault.js";
import { isThere } from "./is-there.js";
import type { Project } from "./project.js";

/** One environment as its stack file declares it. */
export interface Environment {
  readonly name: string;
  readonly fleet: Fleet;
  /** Those that get a ClusterSchedule. */
  readonly clusters: readonly ScheduledCluster[];
  /** Infinite unless config declares `curfew:deployer`: then only may a plain `pulumi up` be refused. */
  readonly clustersPerStack: number;
  /** Everything that its stack file says, secrets still encrypted. */
  readonly stackFile: Readonly<Record<string, unknown>>;
  /** Whether `stackFile` has encrypted values. */
  readonly hasSecrets: boolean;
  /** JSON file with the policies' config for this environment; absent without one. */
  readonly policyConfig?: string;
}

/** Reads environments in the order given; one that is not sound refuses them all, with what is wrong with each. */
export async function readEnvironments(
  names: readonly string[],
  project: Project,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Attempt<readonly Environment[]>> {
  const read = await Promise.all([...new Set(names)].map((name) => readEnvironment(name, project, variables)));
  const faults = read.flatMap((attempt) => (attempt.ok ? [] : attempt.fault));
  const [first] = faults;
  if (first === undefined) return { ok: true, value: read.flatMap((attempt) => (attempt.ok ? attempt.value : [])) };
  return refused(first.code, faults.map(({ message }) => message).join("\n"), first.remedy);
}

/** Reads an environment and checks all of it, without Pulumi and without a network. */
async function readEnvironment(
  name: string,
  project: Project,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Attempt<Environment>> {
  const known = project.environments.join(", ");
  if (!project.environments.includes(name))
    return refused(
      "environment-unknown",
      `No stack file declares "${name}".`,
      `Name one of: ${known || "none is there"}.`,
    );
  const text = await readFile(join(project.stackFolder, `Pulumi.${name}.yaml`), "utf8");
  const parsed = await parseEnvironment(text, project, variables);
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ path, message }) => `  ${path === "" ? "" : `${path}: `}${message}`);
    const message = [`What ${name} declares is not sound:`, ...problems].join("\n");
    return refused("config-invalid", message, `Repair it; \`curfew validate --stack ${name}\` checks it.`);
  }
  const fleet = parsed.value;
  const clusters = fleet.clusters.filter((cluster) => cluster.exclusion === null);
  const clustersPerStack = fleet.deployer?.clustersPerStack ?? Infinity;
  const stackFile = (parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  const policyConfig = join(project.stackFolder, `policy.${name}.json`);
  const hasSecrets = /^\s*(?:- )?['"]?secure['"]?\s*:/m.test(text) || /\{\s*secure\s*:/.test(text);
  const value = { name, fleet, clusters, clustersPerStack, stackFile, hasSecrets };
  return { ok: true, value: (await isThere(policyConfig)) ? { ...value, policyConfig } : value };
}

async function parseEnvironment(
  text: string,
  project: Project,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Parsed<Fleet>> {
  const raw = parseStackFile(text);
  if (!raw.ok) return raw;
  if ("shard" in raw.value)
    return { ok: false, problems: [{ path: "shard", message: "is the deployer's own: leave it out" }] };
  const problems = checkConfigSize(raw.value);
  if (problems.length > 0) return { ok: false, problems };
  const read = (path: string) => readFile(resolve(project.folder, path), "utf8").catch(() => undefined);
  return parseFleet(raw.value, { files: await gatherFiles(raw.value, read), environment: variables });
}
