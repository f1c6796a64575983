import type { Command } from "commander";
import pLimit from "p-limit";

import type { ClusterSpec } from "../../config/index.js";
import { examineCluster } from "../../doctor/index.js";
import { failureInfo, type FailureInfo, type Ports } from "../../ports/index.js";
import { chooseClusters, withSelection, type SelectionOptions } from "../choose-clusters.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { examinationText } from "../doctor/examination-words.js";
import { exitCodeOfExaminations, unexamined, verdictWord, type Examination } from "../doctor/examination.js";
import type { ExitCode } from "../exit-codes.js";
import { labelsOf } from "../labels.js";
import { parallelOf, withParallel, type ParallelOptions } from "../parallel.js";
import { withProject } from "../with-project.js";
import { SILENT, withRuntime } from "../with-runtime.js";

const EXAMPLE = `
Example:
  curfew doctor --stack dev payments-dev
  curfew doctor --stack dev --all --json

Changes nothing. Looks at permissions, node groups, pods, budgets, webhooks, autoscalers, GitOps and at what the wake needs.
What could not be looked at is "unknown". The exit code is 0 also with warnings, 3 when something would stop a hibernate or
a wake, 1 when a cluster could not be looked at.
`;

type DoctorOptions = SourceOptions & SelectionOptions & ParallelOptions;

/** `curfew doctor`: the whole pre-flight, long before the night, without touching anything. */
export function addDoctor(program: Command, scope: CommandScope): void {
  withParallel(withSelection(withSource(program.command("doctor"))))
    .description("look whether clusters could be put to sleep and woken, and what stands in the way; changes nothing")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: DoctorOptions) => scope.settle(await doctor(names, options, scope)));
}

async function doctor(names: readonly string[], options: DoctorOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  const limit = pLimit(parallelOf(options, host));
  return withProject(options, scope, (project) => {
    const clusters = chooseClusters(project.fleet, names, options);
    const tell = progressOf(clusters, scope);
    return withRuntime(project, host, SILENT, async ({ ports }) => {
      const examine = async (cluster: ClusterSpec) => tell(cluster, await examination(cluster, ports, host.signal));
      const found = await Promise.all(clusters.map((cluster) => limit(examine, cluster)));
      if (terminal.isJson) terminal.document({ clusters: found });
      else terminal.print(examinationText(found, terminal));
      return exitCodeOfExaminations(found);
    });
  });
}

/** After a stop no further cluster is looked at; excluded ones never are. */
async function examination(cluster: ClusterSpec, ports: Ports, signal: AbortSignal): Promise<Examination> {
  const blank = unexamined(cluster);
  if (cluster.exclusion !== null) return blank;
  if (signal.aborted) return { ...blank, failure: STOPPED };
  try {
    return { ...blank, ...(await examineCluster(cluster, ports)) };
  } catch (error) {
    return { ...blank, failure: failureInfo(error) };
  }
}

const STOPPED: FailureInfo = {
  code: "cancelled",
  message: "A stop was asked for before its turn came.",
  remedy: "Run the command again.",
};

/** One line per cluster as it is done, where several are looked at. Gives back what it is told. */
function progressOf(
  clusters: readonly ClusterSpec[],
  { terminal }: CommandScope,
): (cluster: ClusterSpec, found: Examination) => Examination {
  const label = labelsOf(clusters);
  let done = 0;
  return ({ id }, found) => {
    done += 1;
    if (clusters.length > 1) terminal.tell(`${label(id)}: ${verdictWord(found)} (${done} of ${clusters.length})`);
    return found;
  };
}
