import { all, type Output } from "@pulumi/pulumi";

import type { ClusterRow } from "./clusters.js";

/**
 * The rows as one JSON text, a line each: `pulumi stack output clusters` reads as a table, and is a document for programs.
 * One text, because the engine takes a structured output apart value by value: with 1,000 clusters that was about a tenth of
 * a no-op `up`.
 */
export function clusterTable(rows: readonly ClusterRow[]): Output<string> {
  const seen = rows.map(
    ({ state, wanted, nextTransitionAt, rule }) => [state, wanted, nextTransitionAt, rule] as const,
  );
  return all(seen.flat()).apply((values) => {
    const lines = rows.map(({ cluster, account, region, schedule }, index) => {
      const [state, wanted, nextTransitionAt, rule] = values.slice(index * COLUMNS, (index + 1) * COLUMNS);
      return JSON.stringify({ cluster, account, region, schedule, state, wanted, nextTransitionAt, rule });
    });
    return `[\n${lines.join(",\n")}\n]`;
  });
}

/** How many of a row's columns are outputs of its resource. */
const COLUMNS = 4;
