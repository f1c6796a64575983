import type { Capacity, Clock, Kubernetes, NodeFacts, PodFacts, Random, ScalableOwner } from "../ports/index.js";

import type { DrainProgress } from "./progress.js";
import type { DrainSettings } from "./settings.js";

/** What is to become empty, and since when Curfew has been at it. */
export interface DrainRequest {
  readonly settings: DrainSettings;
  /** Which nodes are to become empty; asked again each pass because groups grow mid-drain (safe-cycle 20). */
  readonly isTarget: (node: NodeFacts) => boolean;
  /** Nodes that were unschedulable before Curfew came: never uncordoned (safe-cycle 18). */
  readonly cordonedBefore: ReadonlySet<string>;
  /** The persisted instant of the cycle's first drain step, epoch ms: a restart gets no fresh budget (safe-cycle 57). */
  readonly startedAt: number;
  /** Nodes that Curfew has noted as its own cordons in this cycle. */
  readonly cordonedByUs: ReadonlySet<string>;
  /** Those whose cordon an earlier drain has waited out already (safe-cycle 21). None when left out. */
  readonly settledCordons?: ReadonlySet<string>;
  /**
   * Pods that stay for now on their cordoned nodes, and of which the report says nothing: a later drain of the same attempt
   * takes them. None when left out.
   */
  readonly isSpared?: (pod: PodFacts) => boolean;
  /**
   * EC2's word on instances, asked only about nodes that are not Ready: the proof without which nothing is deleted with
   * grace 0 (safe-cycle 54). A `Failure` that it throws counts as "unknown"; left out, nothing is ever proven.
   */
  readonly instanceStates?: Capacity["instanceStates"];
}

/** What the preflight needs of a {@link DrainRequest}. */
export type InspectRequest = Pick<DrainRequest, "settings" | "isTarget" | "instanceStates">;

/** The drain's only ways out. */
export interface DrainPorts {
  readonly kubernetes: Kubernetes;
  readonly clock: Clock;
  readonly random: Random;
}

/** Durable notes are awaited BEFORE the change that they announce; what a hook throws ends the drain. */
export interface DrainHooks {
  /**
   * `names` are about to be cordoned by us. `alreadyExcluded` are those among them that load balancers
   * left out before: an undo must leave that label alone.
   */
  beforeCordon(names: readonly string[], alreadyExcluded: readonly string[]): Promise<void>;
  /** `owner` is about to go from `owner.replicas` to 0. */
  beforeScaleOwner(owner: ScalableOwner): Promise<void>;
  /** Called every few seconds while the drain lives; throwing (lease-lost) ends it at once. */
  keepAlive(): Promise<void>;
  /** Called at most once a second, and once at the end. */
  readonly progress: (snapshot: DrainProgress) => void;
}

/** How long this process may work on it; the drain's own deadline is the request's. */
export interface DrainBudget {
  /** Epoch ms at which to stop and report `yielded`; null: no limit. */
  readonly yieldAt: number | null;
  /** Aborting stops the drain at a safe point with outcome `cancelled`. */
  readonly signal: AbortSignal;
}
