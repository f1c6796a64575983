import { type Command, Option } from "commander";

import type { ClusterSpec } from "../config/index.js";
import type { DesiredState } from "../schedule/index.js";
import { calendarNotes } from "./calendar-note.js";
import { chooseClusters, withSelection, type SelectionOptions } from "./choose-clusters.js";
import type { CommandScope } from "./command-scope.js";
import { withSource, type SourceOptions } from "./config-source.js";
import type { ExitCode } from "./exit-codes.js";
import { labelsOf } from "./labels.js";
import type { Project } from "./load-project.js";
import { parallelOf, withParallel, type ParallelOptions } from "./parallel.js";
import { personOf } from "./person.js";
import { createProgressLines } from "./progress-lines.js";
import { runClusters, type PersonsWish } from "./run-clusters.js";
import { exitCodeOfRuns, printRuns, runsDocument } from "./show-runs.js";
import { verifyClusters } from "./verify-clusters.js";
import { withProject } from "./with-project.js";
import { withRuntime } from "./with-runtime.js";

/** Options that `hibernate` and `wake` share. */
export interface ChangeOptions extends SourceOptions, SelectionOptions, ParallelOptions {
  readonly dryRun?: boolean;
  readonly verify?: boolean;
  readonly reason?: string;
}

/** Adds arguments and options to a command. */
export function withChange(command: Command): Command {
  return withParallel(withSelection(withSource(command)))
    .option("--reason <text>", "why, for the report")
    .addOption(new Option("--dry-run", "show the plan and why; change nothing").conflicts("verify"))
    .option("--verify", "change nothing; say whether the clusters really are in that state: 0 all, 4 not all");
}

/** Takes the chosen clusters to a state, or shows what that would do, or whether they are there. */
export async function changeClusters(
  names: readonly string[],
  options: ChangeOptions,
  wish: Omit<PersonsWish, "reason" | "dryRun">,
  scope: CommandScope,
): Promise<ExitCode> {
  const parallel = parallelOf(options, scope.host);
  return withProject(options, scope, (project) => {
    const clusters = chooseClusters(project.fleet, names, options);
    if (options.verify) return verifyClusters(clusters, wish.desired, { project, parallel }, scope);
    return run(clusters, { ...wish, ...personsWords(wish.desired, options, scope) }, { project, parallel }, scope);
  });
}

async function run(
  clusters: readonly ClusterSpec[],
  wish: PersonsWish,
  { project, parallel }: { readonly project: Project; readonly parallel: number },
  { host, terminal }: CommandScope,
): Promise<ExitCode> {
  const label = labelsOf(clusters);
  const progress = createProgressLines(label, (line) => terminal.tell(line));
  return withRuntime(project, host, progress, async (runtime) => {
    const ends = await runClusters(clusters, wish, runtime, { parallel, signal: host.signal });
    const notes = await calendarNotes(ends, wish.desired, label, runtime.ports);
    if (terminal.isJson) terminal.document({ ...runsDocument(ends), notes });
    else printRuns(ends, notes, label, terminal);
    return exitCodeOfRuns(ends);
  });
}

function personsWords(
  desired: DesiredState,
  { reason, dryRun = false }: ChangeOptions,
  { host }: CommandScope,
): Pick<PersonsWish, "reason" | "dryRun"> {
  const command = desired === "hibernated" ? "hibernate" : "wake";
  return { reason: reason ?? `${personOf(host.environment)} ran curfew ${command}`, dryRun };
}
