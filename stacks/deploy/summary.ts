import { isoOf } from "../../runtime/cli/instant.js";
import type { ScheduledCluster } from "../../runtime/config/index.js";
import { parseClusterId } from "../../runtime/ports/index.js";
import { evaluate } from "../../runtime/schedule/index.js";
import type { Deployed } from "./deploy-environment.js";
import type { ChangeKind } from "./engine-events.js";
import type { Fault } from "./fault.js";
import { forecast, type Money } from "./money.js";
import type { StackOutcome } from "./outcome.js";

/** Everything about an environment that a person or a pull request wants to read afterwards. */
export interface EnvironmentSummary {
  readonly environment: string;
  readonly stacks: readonly StackSummary[];
  /** Clusters that are, or would be, changed. */
  readonly clusters: readonly ClusterSummary[];
  /** Parts of the hub that are, or would be, changed. */
  readonly parts: readonly PartSummary[];
  readonly faults: readonly (Fault & { readonly stack: string | null })[];
  readonly advice: readonly string[];
  /** Of all clusters that the environment declares. */
  readonly money: Money;
}

export interface StackSummary {
  readonly stack: string;
  readonly clusters: number;
  readonly outcome: StackOutcome["kind"];
  readonly changes: Readonly<Partial<Record<ChangeKind, number>>>;
}

export interface ClusterSummary {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly change: ChangeKind;
  readonly stack: string;
  /** Null for one that is no longer declared. */
  readonly schedule: string | null;
  /** ISO text in UTC; null: none comes. */
  readonly nextTransitionAt: string | null;
  /** The state that it then goes to. */
  readonly nextState: string | null;
}

export interface PartSummary {
  readonly name: string;
  readonly change: ChangeKind;
  readonly stack: string;
}

/** Gathers it. `nowAt` in epoch milliseconds. Pure. */
export function summarise(
  { result, environment: { clusters: declared } }: Deployed,
  nowAt: number,
): EnvironmentSummary {
  const { environment, stacks, fault, advice } = result;
  const byId = new Map(declared.map((cluster) => [cluster.id, cluster]));
  const changes = stacks.flatMap(({ stack, outcome }) => changesOf(outcome).map((change) => ({ ...change, stack })));
  const ownFaults = stacks.flatMap(({ stack, outcome }) =>
    outcome.kind === "failed" || outcome.kind === "skipped" ? [{ ...outcome.fault, stack }] : [],
  );
  return {
    environment,
    stacks: stacks.map(({ stack, clusters, outcome }) => ({
      stack,
      clusters,
      outcome: outcome.kind,
      changes: countsOf(outcome),
    })),
    clusters: changes.flatMap(({ cluster, kind, stack }) =>
      cluster === null ? [] : [{ ...clusterSummary(cluster, byId.get(cluster), nowAt), change: kind, stack }],
    ),
    parts: changes.flatMap(({ cluster, kind, stack, urn }) =>
      cluster === null ? [{ name: urn.split("::").slice(2).join(" "), change: kind, stack }] : [],
    ),
    faults: onlyOnce([...(fault ? [{ ...fault, stack: null }] : []), ...ownFaults]),
    advice,
    money: forecast(declared, nowAt),
  };
}

/** What all stacks say alike is told once. */
function onlyOnce(faults: EnvironmentSummary["faults"]): EnvironmentSummary["faults"] {
  const groups = Map.groupBy(faults, ({ code, message }) => `${code}\n${message}`);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [others.length === 0 ? first : { ...first, stack: null }],
  );
}

function changesOf(outcome: StackOutcome) {
  return "changes" in outcome ? outcome.changes : [];
}

function countsOf(outcome: StackOutcome): StackSummary["changes"] {
  const groups = Map.groupBy(changesOf(outcome), ({ kind }) => kind);
  return Object.fromEntries([...groups].map(([kind, some]) => [kind, some.length]));
}

function clusterSummary(id: string, spec: ScheduledCluster | undefined, nowAt: number) {
  const { name = id, account = "", region = "" } = parseClusterId(id) ?? {};
  const next = spec === undefined ? null : evaluate(spec.schedule, nowAt).next;
  return {
    ...{ cluster: name, account, region },
    schedule: spec?.scheduleName ?? null,
    nextTransitionAt: next === null ? null : isoOf(next.at),
    nextState: next?.to ?? null,
  };
}
