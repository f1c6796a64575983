import type { Standing } from "../../fleet/index.js";
import { renderTable } from "../table.js";
import type { Style, Terminal } from "../terminal.js";
import type { ClusterRow, FleetDocument } from "./overview-document.js";

const STYLES: Readonly<Record<Standing, Style>> = {
  "in-state": "green",
  converging: "dim",
  late: "yellow",
  failed: "red",
};

/** The fleet for people: numbers, then accounts, then clusters, then accounts that are spared. */
export function fleetText(document: FleetDocument, terminal: Terminal): string {
  const { totals, accounts, clusters } = document;
  if (totals.clusters === 0)
    return ["No cluster is registered with the hub.", ...notesOf(document, terminal)].join("\n");
  const { inState, converging, late, failed } = totals;
  return [
    `${totals.clusters} ${totals.clusters === 1 ? "cluster" : "clusters"}: ${inState} in state, ${converging} converging, ${late} late, ${failed} failed.`,
    "",
    accountTable(accounts, terminal),
    ...(clusters.length === 0 ? [] : ["", clusterTable(clusters, terminal)]),
    ...notesOf(document, terminal),
  ].join("\n");
}

function accountTable(accounts: FleetDocument["accounts"], terminal: Terminal): string {
  const paint = (style: Style, count: number) => (count === 0 ? "0" : terminal.paint(style, String(count)));
  return renderTable(
    ["ACCOUNT", "REGION", "CLUSTERS", "IN STATE", "CONVERGING", "LATE", "FAILED"],
    accounts.map(({ account, region, clusters, inState, converging, late, failed }) => [
      account,
      region,
      String(clusters),
      String(inState),
      String(converging),
      paint("yellow", late),
      paint("red", failed),
    ]),
    terminal,
  );
}

function clusterTable(clusters: readonly ClusterRow[], terminal: Terminal): string {
  return renderTable(
    ["CLUSTER", "ACCOUNT", "REGION", "STANDING", "WANTED", "SINCE", "ATTEMPTS", "LAST CODE", "DUE"],
    clusters.map(({ cluster, account, region, standing, wanted, since, attempts, lastCode, dueAt }) => [
      cluster,
      account,
      region,
      terminal.paint(STYLES[standing], standing),
      wanted ?? "not looked at yet",
      since ?? "-",
      String(attempts),
      lastCode ?? "-",
      dueAt ?? "now",
    ]),
    terminal,
  );
}

function notesOf({ omitted, openCircuits, slowedDown }: FleetDocument, { paint }: Terminal): readonly string[] {
  const circuits = openCircuits.map(({ account, trouble, openedAt, until }) => {
    const does = trouble === "auth" ? "refuses" : "throttles";
    return paint("red", `account ${account}: left alone until ${until}, for it ${does} everything since ${openedAt}`);
  });
  const slowed = slowedDown.map(({ account, region, service, callsPerSecond, usualCallsPerSecond, throttledAt }) => {
    const rate = `${callsPerSecond.toFixed(1)} calls a second instead of ${usualCallsPerSecond.toFixed(1)}`;
    const since = throttledAt === null ? "" : `, throttled last at ${throttledAt}`;
    return paint("yellow", `account ${account} in ${region}: ${service} is asked for ${rate}${since}`);
  });
  const more =
    omitted === 0 ? [] : [`${omitted} more are not listed: choose with --account or --state, or raise --limit.`];
  return [...more, ...circuits, ...slowed];
}
