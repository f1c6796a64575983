import type { DesiredState } from "../schedule/index.js";

/**
 * Campaigns: many clusters, group after group, kept in one state until an instant. A campaign only sets holds and waits for
 * the hub to carry them out. All calls throw `Failure` config-invalid when there is no such machine or campaign,
 * permission-denied, credentials-missing, credentials-expired or unavailable.
 */
export interface Campaigns {
  /**
   * Begins a campaign and gives its id, without waiting for anything. `machine` is a state machine by its ARN, or by its name
   * in the hub's account and Region. Calling twice begins two, of which the later hold wins.
   */
  start(machine: string, order: CampaignOrder): Promise<string>;
  /** How a campaign stands. Quotas allow 10 to 15 such questions a second for the whole account (aws.md §9). */
  read(id: string): Promise<CampaignRun>;
}

/** A campaign as JSON: the same whether a person, a program or the console writes it. */
export interface CampaignOrder {
  /** Worked on in order: the next one begins when enough of the one before is in that state. */
  readonly groups: readonly CampaignGroup[];
  readonly state: DesiredState;
  /** When the holds end by themselves: ISO 8601 with zone. */
  readonly until: string;
  readonly reason: string;
  readonly owner: string;
  /** Of each group's clusters, 0 to 100; more failures end the campaign. */
  readonly toleratedFailurePercentage: number;
  /** How long a cluster may take to get there. */
  readonly deadlineSeconds: number;
}

export interface CampaignGroup {
  readonly name: string;
  /** Cluster ids. */
  readonly clusters: readonly string[];
}

/** A campaign that was begun. */
export interface CampaignRun {
  readonly status: "running" | "succeeded" | "failed" | "stopped";
  /** What it was begun with; whoever reads it checks its shape. */
  readonly order: unknown;
  /** Epoch milliseconds; null while it runs. */
  readonly endedAt: number | null;
  /** Why it failed or was stopped, in the service's words; null otherwise. */
  readonly cause: string | null;
}
