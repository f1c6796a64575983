import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { packagePath } from "../lab/package-path.js";
import { resolveTool } from "../lab/tools/resolve.js";
import { projectFile } from "../package/consumer.js";
import { install, linkDependencies, packInto, unpack } from "../package/packed.js";
import type { Runner } from "./pipeline.js";
import { runBash } from "./shell.js";

/** A repository whose pipeline runs the examples: this package's program, stack files, and a computer that runs jobs. */
export interface Repository extends AsyncDisposable {
  readonly runner: Runner;
  /** Writes the stack file of an environment: clusters as `name schedule [unapproved]`; schedules are `always` and `never`. */
  declare(environment: string, ...clusters: readonly string[]): Promise<void>;
}

/** How a repository comes by Curfew: it is one, or it depends on it. */
export type Form = "clone" | "dependent";

/**
 * What stands in for npm. `npm ci` asks a registry, and what it would bring is there already. So is what a clone's build would
 * make, which takes longer than all the rest; a dependent has no build, and npm itself finds that out. Everything else is npm.
 */
const standIn = (form: Form): string => `#!/bin/sh
[ "$1" = ci ] && exit 0
${form === "clone" ? '[ "$1 $2" = "run build" ] && exit 0' : ""}
PATH="\${PATH#*:}" exec npm "$@"
`;

/** A repository with three environments, which have no clusters yet. */
export async function createRepository(form: Form): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), "curfew-repository-"));
  await (form === "clone" ? makeClone(folder) : makeDependent(folder));
  for (const name of ["stand-ins", "backend", "home"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "stand-ins", "npm"), standIn(form), { mode: 0o755 });
  const surroundings = await surroundingsOf(folder);
  return {
    runner: {
      folder,
      store: {
        AWS_REGION: "eu-west-1",
        CURFEW_READ_ROLE: "arn:aws:iam::111111111111:role/read",
        CURFEW_DEPLOY_ROLE: "arn:aws:iam::111111111111:role/deploy",
        PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "a passphrase",
      },
      shell: (script, environment) => runBash(script, folder, { ...surroundings, ...environment }),
    },
    declare: (environment, ...clusters) =>
      writeFile(join(folder, "stacks", `Pulumi.${environment}.yaml`), stackFile(environment, clusters)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a build leaves of this repository, which is what is packed of it, and the project's own file. */
async function makeClone(folder: string): Promise<void> {
  await unpack(await packInto(folder), folder);
  await linkDependencies(folder);
  await copyFile(packagePath("Pulumi.yaml"), join(folder, "Pulumi.yaml"));
}

async function makeDependent(folder: string): Promise<void> {
  await install(await packInto(folder), folder);
  await mkdir(join(folder, "stacks"));
  await writeFile(join(folder, "Pulumi.yaml"), `${projectFile("fleet")}stackConfigDir: stacks\n`);
  await writeFile(
    join(folder, "package.json"),
    '{ "name": "fleet", "private": true, "type": "module", "main": "index.js" }',
  );
  await writeFile(join(folder, "index.js"), 'export * from "curfew/program";\n');
}

/** What a runner brings along, and simulated clusters instead of AWS. Nothing else of this computer's reaches a job. */
async function surroundingsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const pulumi = await resolveTool("pulumi");
  const path = [join(folder, "stand-ins"), dirname(process.execPath), dirname(pulumi), process.env["PATH"] ?? ""];
  return {
    PATH: path.join(delimiter),
    HOME: join(folder, "home"),
    PULUMI_HOME: join(folder, "home", ".pulumi"),
    // A plugin that is missing is an error then, not a call to the vendor's site.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    CURFEW_CONNECTOR: "memory",
    CURFEW_STATE: join(folder, "state.db"),
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
  };
}

function stackFile(environment: string, clusters: readonly string[]): string {
  const words = clusters.map((line) => line.split(" "));
  const entries = words.map(([name = "", schedule = ""]) => `    - { name: ${name}, schedule: ${schedule} }`);
  const approvals = words
    .filter(([, , unapproved]) => unapproved === undefined)
    .map(([name = ""]) => `{ cluster: ${name}, owner: platform, reason: simulated, until: "2099-12-31" }`);
  return `config:
  curfew:schedules:
    always: { timezone: UTC, awake: always }
    never: { timezone: UTC, awake: never }
  curfew:settings: { nodesStableSeconds: 0, pollSeconds: 1 }
  curfew:defaults:
    account: "111111111111"
    region: eu-west-1
    tags: { owner: platform, env: ${environment} }
  curfew:approvals: [${approvals.join(", ")}]
  curfew:clusters:
${entries.join("\n")}
`;
}
