import type { Command } from "commander";

import type { ClusterSpec } from "../../config/index.js";
import { explainState, holdAt, openAttempt, readReports, type NotedHold, type Why } from "../../fleet/index.js";
import { KEPT_REPORTS, type Ports } from "../../ports/index.js";
import type { RunReport } from "../../run/index.js";
import { chooseOne, withOneCluster } from "../choose-one.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { isoOf, parseInstant } from "../instant.js";
import { answerOf } from "../reports/why-words.js";
import { wishEntry } from "../wish-entry.js";
import { withProject } from "../with-project.js";
import { SILENT, withRuntime } from "../with-runtime.js";

const EXAMPLE = `
Example:
  curfew why --stack dev payments-dev
  curfew why --stack dev payments-dev --at 2026-01-05T22:00:00Z --json

The answer comes from memory: \`curfew status --verify\` looks at the real cluster. For an instant that has passed it takes
the calendar as declared now; a hold that has been released or replaced meanwhile is not known any more.
`;

interface WhyOptions extends SourceOptions {
  readonly at?: number;
}

/** `curfew why`: why a cluster is up, or down. Asks nothing of AWS. */
export function addWhy(program: Command, scope: CommandScope): void {
  withOneCluster(withSource(program.command("why")))
    .description("say why a cluster is up, or down: by calendar, hold, exclusion and its last run")
    .option("--at <instant>", "ISO 8601 with zone, past or to come (default: now)", parseInstant)
    .addHelpText("after", EXAMPLE)
    .action(async (name: string, options: WhyOptions) => scope.settle(await why(name, options, scope)));
}

async function why(name: string, options: WhyOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  return withProject(options, scope, async (project) => {
    const cluster = chooseOne(project.fleet, name);
    const entry = await withRuntime(project, host, SILENT, ({ ports }) => readWhy(cluster, options.at, ports));
    if (terminal.isJson) terminal.document(entry);
    else terminal.print(entry.answer);
    return EXIT.done;
  });
}

async function readWhy(
  cluster: ClusterSpec,
  asked: number | undefined,
  { store, clock }: Pick<Ports, "store" | "clock">,
) {
  const { id, schedule, identity } = cluster;
  const [record, cycle, { reports }] = await Promise.all([
    store.readCluster(id),
    store.readCycle(id),
    readReports([id], { since: 0, limit: KEPT_REPORTS }, store),
  ]);
  const now = clock.now();
  const at = asked ?? now;
  const hold = schedule === null ? null : (holdAt(record?.hold, at) ?? null);
  const exclusion = cluster.exclusion?.reason ?? null;
  const found = explainState({ at, now, exclusion, schedule, hold, reports, attempt: openAttempt(cycle) });
  const answer = answerOf(found, { name: identity.name, at, now, hold });
  return { ...entryOf(found, { identity, at, hold, exclusion }), answer };
}

function entryOf(
  { verdict, reached, lastReport, cause }: Why,
  {
    identity,
    at,
    hold,
    exclusion,
  }: Pick<ClusterSpec, "identity"> & {
    readonly at: number;
    readonly hold: NotedHold | null;
    readonly exclusion: string | null;
  },
) {
  return {
    cluster: identity.name,
    account: identity.account,
    region: identity.region,
    at: isoOf(at),
    ...wishEntry(verdict === null ? null : { verdict, hold }),
    since: isoOrNull(verdict?.since),
    exclusion,
    reached: reached?.state ?? null,
    reachedSince: isoOrNull(reached?.sinceAt),
    cause: cause.kind,
    lastReport: lastReport === null ? null : reportEntry(lastReport),
  };
}

function isoOrNull(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : isoOf(at);
}

/** Enough to find the report by, and to act on. */
function reportEntry(report: RunReport) {
  const { reportId, desired, origin, requestReason, action, result, startedAt, finishedAt, failure, summary } = report;
  return {
    ...{ reportId, desired, origin, requestReason, action, result },
    startedAt: isoOf(startedAt),
    finishedAt: isoOf(finishedAt),
    ...{ failure, summary },
  };
}
