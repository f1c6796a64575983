import type { EngineEvent, PolicyEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";

import { ClusterSchedule } from "../../dynamic-providers/cluster-schedule.js";

export type ChangeKind = "create" | "update" | "replace" | "delete";

/** One resource that an operation changes, or would. */
export interface Change {
  readonly kind: ChangeKind;
  readonly urn: string;
  /** `account/region/name` of the cluster; null for a part of the hub. */
  readonly cluster: string | null;
}

/** What one resource or the program said when it failed. */
export interface FailureNote {
  /** Null: the program or the engine itself. */
  readonly cluster: string | null;
  readonly message: string;
}

/** What the engine told of one operation. */
export interface EngineRecord {
  readonly changes: readonly Change[];
  /** Resources that keep their place but get another name, which only an `up` writes down. */
  readonly renamed: number;
  readonly failures: readonly FailureNote[];
  /** Mandatory policies that refused, e.g. `payments-dev: no-excluded: …`. */
  readonly violations: readonly string[];
  /** Advisory policies' words. */
  readonly advice: readonly string[];
  /** What clusters said of themselves when they were looked at and were not as Curfew left them. */
  readonly drift: readonly string[];
  /** Clusters at which a refresh could not look, and why; the engine takes them for unchanged. */
  readonly unseen: readonly FailureNote[];
}

/** Reads an operation's events as they come. */
export interface EventRecorder {
  take(event: EngineEvent): void;
  record(): EngineRecord;
}

/** What a person may want to know while it happens. */
export interface EngineProgress {
  /** A line of a cluster or of the program, without its markup. */
  line(text: string): void;
  /** A cluster was dealt with; `changed` counts them. */
  changed(count: number): void;
}

const KINDS: Readonly<Partial<Record<string, ChangeKind>>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};

/** The engine's own words for "something failed", which say nothing. */
const EMPTY_WORDS = /^(?:preview|update|refresh|destroy) failed$/;

/** Debug lines come too, with everything that resources are made of. */
const TOLD: ReadonlySet<string> = new Set(["info", "info#err", "warning", "error"]);

/** Said of every stack that has no hub. */
const NOISE = "Undefined value (hub) will not show as a stack output";

/** How a ClusterSchedule begins such a line (runtime/resource/drift.ts). */
const DRIFT_WORDS = /^\S+: (?:drift: |refresh: the cluster no longer exists)/;
const UNSEEN_WORDS = /^(\S+): refresh: (not looked at)[^[]*([^]*)/;

/** A recorder of one operation. */
export function createEventRecorder(progress: EngineProgress): EventRecorder {
  const changes = new Map<string, Change>();
  const clusters = new Map<string, string>();
  const failures = new Map<string, FailureNote>();
  const violations = new Set<string>();
  const advice = new Set<string>();
  const drift = new Set<string>();
  const unseen = new Map<string, FailureNote>();
  let renamed = 0;
  let done = 0;

  function step(metadata: StepEventMetadata): void {
    const cluster = clusterOf(metadata);
    if (cluster !== null) clusters.set(metadata.urn, cluster);
    if (metadata.op === "same" && metadata.old && metadata.old.urn !== metadata.urn) renamed += 1;
    const kind = KINDS[metadata.op];
    if (kind === undefined || isEnginesOwn(metadata.type)) return;
    changes.set(metadata.urn, { kind, urn: metadata.urn, cluster });
  }

  function complain({ urn, message, severity }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = plain(message);
    if (text === "" || !TOLD.has(severity) || text.startsWith(NOISE)) return;
    if (DRIFT_WORDS.test(text)) drift.add(text);
    const [, hidden, what, why] = UNSEEN_WORDS.exec(text) ?? [];
    if (hidden !== undefined) unseen.set(hidden, { cluster: hidden, message: `${what ?? ""}: ${why ?? ""}` });
    if (severity !== "error") {
      progress.line(text);
      return;
    }
    const cluster = clusters.get(urn ?? "") ?? null;
    if (!EMPTY_WORDS.test(text)) failures.set(`${urn ?? ""}${text}`, { cluster, message: text });
  }

  function judge(event: PolicyEvent): void {
    const place = event.resourceUrn === undefined ? "" : `${nameOf(event.resourceUrn)}: `;
    const words = `${place}${event.policyName}: ${plain(event.message)}`;
    (event.enforcementLevel === "mandatory" ? violations : advice).add(words);
  }

  return {
    take({ resourcePreEvent, resOutputsEvent, diagnosticEvent, policyEvent }) {
      if (resourcePreEvent) step(resourcePreEvent.metadata);
      if (resOutputsEvent && changes.get(resOutputsEvent.metadata.urn)?.cluster) progress.changed((done += 1));
      if (diagnosticEvent) complain(diagnosticEvent);
      if (policyEvent) judge(policyEvent);
    },
    record: () => ({
      changes: [...changes.values()],
      renamed,
      failures: [...failures.values()],
      violations: [...violations],
      advice: [...advice],
      drift: [...drift],
      unseen: [...unseen.values()],
    }),
  };
}

/** `account/region/name` of a ClusterSchedule's step; null for other resources. */
function clusterOf({ type, new: next, old }: StepEventMetadata): string | null {
  if (type !== ClusterSchedule.__pulumiType) return null;
  const { account, region, cluster } = (next ?? old)?.inputs ?? {};
  return [account, region, cluster].join("/");
}

function isEnginesOwn(type: string): boolean {
  return type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
}

/** Without the engine's colour marks and outer spaces. */
function plain(message: string): string {
  // eslint-disable-next-line no-control-regex -- terminals' colour codes begin with a control character
  return message.replaceAll(/<\{%.*?%\}>|\u001b\[[\d;]*m/g, "").trim();
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
