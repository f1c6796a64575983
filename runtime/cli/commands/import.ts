import { randomUUID } from "node:crypto";
import { relative, resolve } from "node:path";

import { InvalidArgumentError, type Command } from "commander";

import { accountIdSchema, DEFAULT_ROLE, readAccess, regionSchema, type Fleet } from "../../config/index.js";
import type { CommandScope } from "../command-scope.js";
import { namesSource, withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { catalogueText } from "../import/catalogue-text.js";
import { lookAround, unreadOf, type Ground, type Sighting } from "../import/grounds.js";
import { documentOf, sightingLine, summary } from "../import/import-words.js";
import { sortClusters } from "../import/sort-clusters.js";
import { problemLines, type Project } from "../load-project.js";
import { parallelOf, withParallel, type ParallelOptions } from "../parallel.js";
import { usageError } from "../usage-error.js";
import { withProject } from "../with-project.js";
import { SILENT } from "../with-runtime.js";

const EXAMPLE = `
Example:
  curfew import --account 222222222222 333333333333 --region eu-west-1 eu-central-1 --out stacks/catalogue.found.yaml
  curfew import --stack production --account 222222222222 --region eu-west-1 --schedule-tag sleep --json

Looks for clusters and writes a catalogue file to review; changes nothing in any account. A cluster whose tag names a
schedule becomes a line of it; all others are listed in comments. With --stack or --config the tag must name a schedule
that is declared, and clusters that are declared already are left out. The role needs eks:ListClusters and
eks:DescribeCluster. The exit code is 4 when some accounts could not be looked at, 1 when none could.
`;

interface ImportOptions extends SourceOptions, ParallelOptions {
  readonly account: readonly string[];
  readonly region: readonly string[];
  readonly role: string;
  readonly externalId?: string;
  readonly scheduleTag: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** `curfew import`: clusters that are there, as a catalogue to review. Opens no state. */
export function addImport(program: Command, scope: CommandScope): void {
  withParallel(withSource(program.command("import")))
    .description("find the clusters of accounts and write them as a catalogue to review; changes nothing")
    .requiredOption("--account <id...>", "accounts to look at: twelve digits each", collect(isAccount, "twelve digits"))
    .requiredOption("--region <region...>", "Regions to look at", collect(isRegion, "a Region such as eu-west-1"))
    .option("--role <role>", "role to assume in each account; none for your own credentials", DEFAULT_ROLE)
    .option("--external-id <id>", "external id that the role's trust policy asks for")
    .option("--schedule-tag <key>", "tag of a cluster that names its schedule", "curfew-schedule")
    .option("--out <file>", "file to write (default: print it)")
    .option("--force", "replace the file if there is one")
    .addHelpText("after", EXAMPLE)
    .action(async (options: ImportOptions) => scope.settle(await importClusters(options, scope)));
}

async function importClusters(options: ImportOptions, scope: CommandScope): Promise<ExitCode> {
  const grounds = groundsOf(options);
  await refuseOverwrite(options, scope);
  if (!namesSource(options, scope.host.environment)) return importFrom(grounds, null, options, scope);
  return withProject(options, scope, (project) => {
    refuseOwnSource(options, project, scope);
    return importFrom(grounds, project.fleet, options, scope);
  });
}

async function importFrom(
  grounds: readonly Ground[],
  fleet: Fleet | null,
  options: ImportOptions,
  scope: CommandScope,
): Promise<ExitCode> {
  const { role, externalId, scheduleTag, out } = options;
  const sightings = await look(grounds, options, scope);
  const found = sightings.flatMap((sighting) => (sighting.failure === null ? sighting.clusters : []));
  const sorted = sortClusters(found, { scheduleTag, fleet });
  const way = { role, externalId, scheduleTag, isChecked: fleet !== null, at: scope.host.now() };
  const exitCode = exitCodeOf(sightings);
  const text = exitCode === EXIT.failed ? null : catalogueText(sorted, sightings, way);
  const file = await write(text, options, scope);
  if (scope.terminal.isJson) scope.terminal.document(documentOf(sorted, sightings, file));
  else {
    if (text !== null && out === undefined) scope.terminal.print(text.trimEnd());
    scope.terminal.tell(summary(sorted, sightings, file));
  }
  return exitCode;
}

async function look(
  grounds: readonly Ground[],
  options: ImportOptions,
  { host, terminal }: CommandScope,
): Promise<readonly Sighting[]> {
  // Nothing is remembered of a look, so no state file is made for it.
  const environment = { ...host.environment, CURFEW_STATE: ":memory:" };
  const runtime = await host.openRuntime({ environment, operationId: `cli-${randomUUID()}`, progress: SILENT });
  try {
    const tell = (sighting: Sighting) => terminal.tell(sightingLine(sighting));
    const parallel = parallelOf(options, host);
    return await lookAround(grounds, runtime.discovery, { parallel, signal: host.signal, tell });
  } finally {
    await runtime.close();
  }
}

/** Every account with every Region, each once. Throws a usage error for a role or an external id that cannot be one. */
function groundsOf({ account, region, role, externalId }: ImportOptions): readonly Ground[] {
  return [...new Set(account)].flatMap((id) =>
    [...new Set(region)].map((place) => {
      const fields = { role, ...(externalId === undefined ? {} : { externalId }) };
      const access = readAccess({ account: id, region: place, name: "" }, fields);
      if (access.ok) return { account: id, region: place, access: access.value };
      throw usageError(problemLines(access.problems));
    }),
  );
}

async function refuseOverwrite({ out, force = false }: ImportOptions, { host }: CommandScope): Promise<void> {
  if (out === undefined || force || (await host.readText(resolve(host.cwd, out))) === undefined) return;
  throw usageError(`${out} is there already: name another file, or replace it with --force`);
}

/** What is declared already is left out: the config's own file would lose it. */
function refuseOwnSource({ out }: ImportOptions, { sources }: Project, { host }: CommandScope): void {
  if (out === undefined || !sources.includes(resolve(host.cwd, out))) return;
  throw usageError(`${out} is a part of the config itself: write another file, and take its lines over`);
}

async function write(
  text: string | null,
  { out, force = false }: ImportOptions,
  { host }: CommandScope,
): Promise<string | null> {
  if (text === null || out === undefined) return null;
  const file = resolve(host.cwd, out);
  try {
    await host.writeText(file, text, force);
  } catch (error) {
    throw usageError(`${out} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return relative(host.cwd, file);
}

function exitCodeOf(sightings: readonly Sighting[]): ExitCode {
  const unread = unreadOf(sightings).length;
  if (unread === 0) return EXIT.done;
  return unread === sightings.length ? EXIT.failed : EXIT.partial;
}

const isAccount = (text: string): boolean => accountIdSchema.safeParse(text).success;
const isRegion = (text: string): boolean => regionSchema.safeParse(text).success;

/** A parser of an option that may be given several times, with several values each. */
function collect(isRight: (text: string) => boolean, what: string) {
  return (text: string, before: readonly string[] = []): readonly string[] => {
    if (!isRight(text)) throw new InvalidArgumentError(`Write ${what}.`);
    return [...before, text];
  };
}
