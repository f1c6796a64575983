import type { ScalableOwner } from "../ports/index.js";

import type { DrainOutcome } from "./ending.js";
import { podId } from "./pod-kind.js";
import type { PodReport } from "./report-pods.js";
import type { NodeReport } from "./report-nodes.js";
import { few, plural } from "./wording.js";

/** What the sentence speaks of. */
export interface SentenceFacts {
  readonly outcome: DrainOutcome;
  /** Sorted, what needs a person first. */
  readonly pods: readonly PodReport[];
  readonly nodes: readonly NodeReport[];
  readonly forced: readonly string[];
  readonly scaledOwners: readonly ScalableOwner[];
}

/** The whole result in one sentence; names what is in the way. */
export function sentenceOf(facts: SentenceFacts): string {
  const { outcome, pods, nodes, forced } = facts;
  const empty = nodes.filter(({ state }) => state === "drained").length;
  const skipped = skippedPart(nodes);
  switch (outcome) {
    case "drained":
      return `${plural(empty, "node")} drained, no pod forced${skipped}${scaledPart(facts)}.`;
    case "drained-with-force":
      return `${plural(empty, "node")} drained${forcedPart(forced)}${volumesPart(nodes)}${skipped}${scaledPart(facts)}.`;
    case "refused":
      return `Refused before any eviction on ${refusedNodes(nodes)}: ${inTheWay(pods, ["refused"])}.`;
    case "blocked":
      return `Blocked: ${inTheWay(pods, ["blocked", "stuck", "terminating", "not-attempted", "refused"], nodes)}.`;
    case "partial":
      return `Partly drained (${empty} of ${plural(nodes.length, "node")}): ${inTheWay(pods, ["stuck", "forced", "terminating"])}.`;
    case "cancelled":
      return `Cancelled with ${empty} of ${plural(nodes.length, "node")} drained.`;
    case "yielded":
      return `Out of time for now with ${empty} of ${plural(nodes.length, "node")} drained; to be continued.`;
  }
}

function forcedPart(forced: readonly string[]): string {
  return forced.length === 0 ? "" : `, ${plural(forced.length, "pod")} deleted past the deadline: ${few(forced)}`;
}

function volumesPart(nodes: readonly NodeReport[]): string {
  const left = nodes.filter(({ volumes }) => volumes.length > 0);
  if (left.length === 0) return "";
  return `, ${plural(left.length, "node")} given up with volumes attached: ${few(left.map(({ name, volumes }) => `${name} (${few(volumes)})`))}`;
}

function skippedPart(nodes: readonly NodeReport[]): string {
  const skipped = nodes.filter(({ state }) => state === "skipped");
  if (skipped.length === 0) return "";
  return `, ${few(skipped.map(({ name }) => name))} skipped because ${skipped.length === 1 ? "its instance" : "their instances"} had ended`;
}

function scaledPart({ scaledOwners }: SentenceFacts): string {
  if (scaledOwners.length === 0) return "";
  return `, ${few(scaledOwners.map((owner) => `${owner.kind} ${podId(owner)}`))} scaled to 0`;
}

function refusedNodes(nodes: readonly NodeReport[]): string {
  return few(nodes.filter(({ isRefused }) => isRefused).map(({ name }) => name));
}

/** The first kind of outcome that occurs, since the others mostly follow from it. */
function inTheWay(
  pods: readonly PodReport[],
  outcomes: readonly PodReport["outcome"][],
  nodes: readonly NodeReport[] = [],
): string {
  const isThere = ({ reason }: PodReport) => reason !== null;
  const found = outcomes.map((outcome) => pods.filter((pod) => pod.outcome === outcome && isThere(pod)));
  const first = found.find(({ length }) => length > 0);
  const held = nodes.filter(({ volumes }) => volumes.length > 0);
  if (first === undefined && held.length > 0)
    return few(
      held.map(({ name, reason }) => `node ${name} has no pod left, but ${reason ?? "holds volumes"}`),
      { separator: "; " },
    );
  if (first === undefined) return "no pod is left, but nodes do not stay cordoned long enough to be sure";
  return few(
    first.map((pod) => `${podId(pod)} ${pod.reason ?? ""}`),
    { separator: "; " },
  );
}
