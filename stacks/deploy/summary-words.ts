import { renderTable } from "../../runtime/cli/table.js";
import type { Terminal } from "../../runtime/cli/terminal.js";
import { moneyWords } from "./money.js";
import type { ClusterSummary, EnvironmentSummary, StackSummary } from "./summary.js";

/** The heads and cells that both the terminal and Markdown show. */
export const STACK_HEAD = ["STACK", "CLUSTERS", "OUTCOME", "CHANGES"];
export const CLUSTER_HEAD = ["CHANGE", "CLUSTER", "ACCOUNT", "REGION", "SCHEDULE", "NEXT"];

/** A line of the table of stacks. */
export function stackCells({ stack, clusters, outcome, changes }: StackSummary): readonly string[] {
  const counts = Object.entries(changes).map(([kind, count]) => `${count} ${kind}`);
  return [stack, String(clusters), outcome, counts.join(", ") || "none"];
}

/** A line of the table of clusters. */
export function clusterCells(summary: ClusterSummary): readonly string[] {
  const { change, cluster, account, region, schedule, nextTransitionAt, nextState } = summary;
  const next = nextTransitionAt === null ? "never" : `${nextState ?? ""} at ${nextTransitionAt}`;
  return [change, cluster, account, region, schedule ?? "-", schedule === null ? "-" : next];
}

/** What the next four weeks cost, in words. */
export function moneyLine({ money }: EnvironmentSummary): string {
  return `Next 4 weeks: ${moneyWords(money)}`;
}

/** Most clusters that a terminal shows; the Markdown and `--json` have them all. */
const SHOWN_CLUSTERS = 20;

/** One environment's end, for the terminal. */
export function summaryText(summary: EnvironmentSummary, terminal: Pick<Terminal, "paint">): string {
  const { environment, stacks, clusters, parts, faults, advice } = summary;
  const shown = clusters.slice(0, SHOWN_CLUSTERS);
  const more = clusters.length - shown.length;
  return [
    terminal.paint("bold", environment),
    ...(stacks.length > 0 ? [renderTable(STACK_HEAD, stacks.map(stackCells), terminal)] : []),
    ...(shown.length > 0 ? ["", renderTable(CLUSTER_HEAD, shown.map(clusterCells), terminal)] : []),
    ...(more > 0 ? [`and ${more} more clusters`] : []),
    ...parts.map(({ change, name }) => `${change} ${name}`),
    ...(stacks.length > 0 ? [moneyLine(summary)] : []),
    ...advice.map((line) => `note: ${line}`),
    ...faults.map(({ code, message, remedy, stack }) => {
      const place = stack === null ? "" : `${stack}: `;
      return `${terminal.paint("red", `[${code}]`)} ${place}${message}\n${remedy}`;
    }),
  ].join("\n");
}
