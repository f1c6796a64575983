import { hubCampaignsName, hubQueueNames, hubTableName, type HubSettings } from "../../runtime/config/index.js";

/** Every physical name of one hub. */
export type HubNames = ReturnType<typeof hubNames>;

/**
 * Derives all physical names from the prefix. Pure: the same settings give the same names, so that people, alarms and
 * policies can name a thing before it exists. What is global in an account (roles, dashboards) carries the Region, so
 * that two hubs may share an account.
 */
export function hubNames({ prefix, region, shards, partitions }: NamedBy) {
  const indexed = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const role = (name: string) => `${prefix}-${name}-${region}`;
  return {
    prefix,
    table: hubTableName(prefix),
    queues: hubQueueNames({ prefix, shards }),
    missedTicks: `${prefix}-ticks-dead`,
    planners: indexed(partitions, `${prefix}-planner`),
    /** Followed by the shard. */
    worker: `${prefix}-worker`,
    workers: indexed(shards, `${prefix}-worker`),
    /** Followed by the partition. */
    tick: `${prefix}-tick`,
    tickGroup: prefix,
    campaign: `${prefix}-campaign`,
    /** The state machine of campaigns. */
    campaigns: hubCampaignsName(prefix),
    topic: `${prefix}-announcements`,
    bus: prefix,
    dashboard: `${prefix}-${region}`,
    roles: {
      planner: role("planner"),
      worker: role("worker"),
      tick: role("tick"),
      campaign: role("campaign"),
      campaigns: role("campaigns"),
    },
  } as const;
}

type NamedBy = Pick<HubSettings, "prefix" | "region" | "shards" | "partitions">;

/** The dashboard of one account. */
export const accountDashboardName = ({ dashboard }: Pick<HubNames, "dashboard">, account: string): string =>
  `${dashboard}-${account}`;

/** Lambda writes to this group unless told otherwise. */
export const logGroupName = (functionName: string): string => `/aws/lambda/${functionName}`;
