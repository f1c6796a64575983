import { describeRelaxed } from "../cycle/index.js";
import type { ClusterSpec } from "../config/index.js";
import { clusterStatus, reachedWord } from "../fleet/index.js";
import type { ClusterRecord, FailureInfo, Reach } from "../ports/index.js";
import { parseReached, type Reached } from "../run/index.js";
import type { DesiredState } from "../schedule/index.js";
import { isoOf } from "./instant.js";
import { lookWords, type ClusterLook } from "./look.js";
import { renderTable } from "./table.js";
import type { Terminal } from "./terminal.js";
import { wishEntry, type WishEntry } from "./wish-entry.js";

/** A look at the real cluster, or why it was not possible. */
export type LiveLook = { readonly seen: ClusterLook } | { readonly failure: FailureInfo };

/** One cluster of `curfew status --json`; instants are ISO 8601 in UTC. */
export interface StatusEntry extends WishEntry {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  /** As declared; absent: found out from the cluster's endpoint by each run. */
  readonly reach?: Reach;
  /** Why nothing may touch it; null for the others. */
  readonly exclusion: string | null;
  /** As Curfew left it; `unknown` before the first run and between two states. */
  readonly state: DesiredState | "unknown";
  readonly since: string | null;
  readonly last: LastRun | null;
  /** Null unless a look was asked for. */
  readonly live: LiveLook | null;
  /** Webhooks that a wake could not give back, with their age; a sentence each (safe-cycle W15). */
  readonly relaxedWebhooks: readonly string[];
  /** What the last run found changed by others, and how the real cluster differs from memory, in sentences. */
  readonly drift: readonly string[];
}

interface LastRun {
  readonly result: string;
  readonly finishedAt: string;
  readonly failureCode: string | null;
  readonly summary: string;
}

/** Pure: what is declared, remembered and seen of one cluster at an instant. */
export function statusOf(
  cluster: ClusterSpec,
  record: ClusterRecord | undefined,
  live: LiveLook | null,
  at: number,
): StatusEntry {
  const { name, account, region } = cluster.identity;
  const reached = parseReached(record?.reached ?? null);
  const status = cluster.schedule === null ? null : clusterStatus(cluster.id, cluster.schedule, record, at);
  return {
    cluster: name,
    account,
    region,
    ...(cluster.access.reach === undefined ? {} : { reach: cluster.access.reach }),
    exclusion: cluster.exclusion?.reason ?? null,
    state: reachedWord(reached),
    since: reached?.state ? isoOf(reached.sinceAt) : null,
    ...wishEntry(status),
    last: reached === null ? null : lastRun(reached),
    live,
    relaxedWebhooks: relaxedWords(cluster, reached, at),
    drift: [...(reached?.drift ?? []), ...liveDrift(live, reached)],
  };
}

function lastRun({ result, finishedAt, failureCode, summary }: Reached): LastRun {
  return { result, finishedAt: isoOf(finishedAt), failureCode, summary };
}

function relaxedWords({ settings }: ClusterSpec, reached: Reached | null, at: number): readonly string[] {
  const { relaxedAlarmMinutes } = settings.webhooks;
  return (reached?.relaxedWebhooks ?? []).map((one) => describeRelaxed(one, at, relaxedAlarmMinutes));
}

/** Nothing differs from a memory that says nothing, and a cluster without groups is in no state. */
function liveDrift(live: LiveLook | null, reached: Reached | null): readonly string[] {
  if (live === null || "failure" in live) return [];
  const { seen } = live;
  if (!reached?.state || reached.state === seen.state || seen.groups.length === 0) return [];
  return [`it is ${lookWords(seen)}, but Curfew left it ${reached.state} at ${isoOf(reached.finishedAt)}`];
}

/** The entries for people: a table, and below it what fits into no cell. */
export function statusTable(entries: readonly StatusEntry[], terminal: Terminal): string {
  if (entries.length === 0) return "No cluster is declared.";
  const hasLive = entries.some(({ live }) => live !== null);
  const head = ["CLUSTER", "ACCOUNT", "REGION", "STATE", "SINCE", "WANTED", "NEXT", "HOLD", "LAST RUN"];
  const rows = entries.map((entry) => rowOf(entry, terminal, hasLive));
  const notes = entries.flatMap((entry) =>
    notesOf(entry).map((note) => terminal.paint("yellow", `${entry.cluster}: ${note}`)),
  );
  return [renderTable(hasLive ? [...head, "REALLY"] : head, rows, terminal), ...notes].join("\n");
}

function rowOf(entry: StatusEntry, { paint }: Terminal, hasLive: boolean): readonly string[] {
  const { cluster, account, region, state, since, wanted, rule, next, hold, last } = entry;
  const isAsWanted = wanted === null || wanted === state;
  return [
    cluster,
    account,
    region,
    paint(isAsWanted ? "green" : "yellow", state),
    since ?? "-",
    wanted === null ? "excluded" : `${wanted}\n${rule ?? ""}`,
    next === null ? "-" : `${next.to}\n${next.at}`,
    hold === null ? "-" : `${hold.state} until\n${hold.until}`,
    last === null ? "-" : `${last.result}\n${last.finishedAt}`,
    ...(hasLive ? [liveWords(entry.live)] : []),
  ];
}

function liveWords(live: LiveLook | null): string {
  if (live === null) return "-";
  if ("failure" in live) return "not seen";
  return live.seen.groups.length === 0 ? lookWords(live.seen) : live.seen.state;
}

function notesOf({ reach, exclusion, hold, last, live, relaxedWebhooks, drift }: StatusEntry): readonly string[] {
  return [
    ...(exclusion === null ? [] : [`excluded: ${exclusion}`]),
    ...(reach === undefined ? [] : [`reach: ${reach}`]),
    ...(hold === null ? [] : [`held by ${hold.owner}: ${hold.reason}`]),
    ...(last?.failureCode ? [`last run [${last.failureCode}]: ${last.summary}`] : []),
    ...(live !== null && "failure" in live
      ? [`not looked at: [${live.failure.code}] ${live.failure.message} ${live.failure.remedy}`]
      : []),
    ...relaxedWebhooks,
    ...drift.map((sentence) => `drift: ${sentence}`),
  ];
}
