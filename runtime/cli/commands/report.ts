import type { Command } from "commander";

import { readReports, type FoundReports } from "../../fleet/index.js";
import { chooseClusters, withSelection, type SelectionOptions } from "../choose-clusters.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { labelsOf } from "../labels.js";
import { renderReports, type RenderOptions } from "../reports/render-reports.js";
import { formatOf, withFormat, type FormatOptions, type ReportFormat } from "../reports/report-format.js";
import { instantOfSince, withSince, type SinceOptions } from "../since.js";
import type { Terminal } from "../terminal.js";
import { usageError } from "../usage-error.js";
import { parseWholeNumber } from "../whole-number.js";
import { withProject } from "../with-project.js";
import { SILENT, withRuntime } from "../with-runtime.js";

/** Enough for a night and a morning of fifty clusters. */
const DEFAULT_LIMIT = 100;
/** With a beginning the window is the bound, and a file must not lack rows: the most that --limit takes. */
const LIMIT_SINCE = 9_999;

const EXAMPLE = `
Example:
  curfew report --stack dev --since 24h
  curfew report --stack dev payments-dev --last
  curfew report --stack dev --tag team=payments --since 7d -o csv > week.csv

Every run that got its cluster's lease wrote one report; of each cluster the newest 500 are kept.
`;

interface ReportOptions extends SourceOptions, SelectionOptions, SinceOptions, FormatOptions {
  readonly last?: boolean;
  readonly limit?: number;
}

/** `curfew report`: what runs were asked, decided and did. Asks nothing of AWS; a run that failed is no failure of the report. */
export function addReport(program: Command, scope: CommandScope): void {
  withFormat(withSince(withSelection(withSource(program.command("report")))))
    .description("show the reports of runs, newest first (of all clusters, unless some are chosen)")
    .option("--last", "the newest run of one cluster with its steps, pods, sizes, drift and warnings")
    .option(
      "--limit <n>",
      `at most so many runs (default: ${String(DEFAULT_LIMIT)}, with --since ${String(LIMIT_SINCE)})`,
      parseWholeNumber,
    )
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: ReportOptions) => scope.settle(await report(names, options, scope)));
}

async function report(names: readonly string[], options: ReportOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  const format = formatOf(options);
  return withProject(options, scope, async (project) => {
    const clusters = chooseClusters(project.fleet, names, options, "all");
    if (options.last && clusters.length !== 1) throw usageError("--last shows one cluster: name it");
    const found = await withRuntime(project, host, SILENT, ({ ports: { store, clock } }) =>
      readReports(
        clusters.map(({ id }) => id),
        { since: instantOfSince(options, clock.now()), limit: limitOf(options) },
        store,
      ),
    );
    print(found, { format, isDetailed: options.last ?? false, label: labelsOf(clusters) }, terminal);
    return EXIT.done;
  });
}

function limitOf({ last, limit, since }: ReportOptions): number {
  if (last) return 1;
  return limit ?? (since === undefined ? DEFAULT_LIMIT : LIMIT_SINCE);
}

/** The answer on stdout; what is missing in it on stderr. */
function print(
  { reports, isCut, unreadable }: FoundReports,
  { format, ...options }: Omit<RenderOptions, "format"> & { readonly format: ReportFormat },
  terminal: Terminal,
): void {
  if (unreadable.length > 0)
    terminal.tell(`Not shown, for this version cannot read them: reports ${unreadable.join(", ")}.`);
  if (isCut && !options.isDetailed) terminal.tell("There are older ones: --limit shows more, --since fewer.");
  if (format === "json") terminal.document({ reports, isCut });
  else terminal.print(renderReports(reports, { format, ...options }, terminal));
}
