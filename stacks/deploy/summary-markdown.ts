import { markdownTable } from "../../runtime/cli/reports/markdown.js";
import type { EnvironmentSummary } from "./summary.js";
import { CLUSTER_HEAD, clusterCells, moneyLine, STACK_HEAD, stackCells } from "./summary-words.js";

/** All environments as one Markdown text, e.g. a pull request's comment. What people wrote stays text. */
export function summaryMarkdown(command: string, summaries: readonly EnvironmentSummary[]): string {
  return [`# curfew deploy ${command}`, ...summaries.map(environmentSection)].join("\n\n").concat("\n");
}

function environmentSection(summary: EnvironmentSummary): string {
  const { environment, stacks, clusters, parts, faults, advice } = summary;
  return [
    `## ${environment}`,
    ...faults.map(({ code, message, remedy, stack }) =>
      [`**${code}**${stack === null ? "" : ` (${stack})`}`, fenced(message), remedy].join("\n\n"),
    ),
    ...(stacks.length > 0 ? [markdownTable(STACK_HEAD, stacks.map(stackCells))] : []),
    ...(clusters.length > 0 ? [markdownTable(CLUSTER_HEAD, clusters.map(clusterCells))] : []),
    ...(parts.length > 0
      ? [
          markdownTable(
            ["CHANGE", "PART"],
            parts.map(({ change, name }) => [change, name]),
          ),
        ]
      : []),
    ...(stacks.length > 0 ? [moneyLine(summary)] : []),
    ...(advice.length > 0 ? [advice.map((line) => fenced(line)).join("\n\n")] : []),
  ].join("\n\n");
}

/** A block that ends only where we end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
