/** One cluster whose name another resource tells, and a fleet of which one cluster is excluded. TypeScript. */
export const ONE_AND_MANY = `
import * as pulumi from "@pulumi/pulumi";
import { Hub, scheduleCluster, scheduleClusters, type ClusterSchedule, type FleetInput } from "curfew";
import { SpokeRole } from "curfew/components";
import { evaluate, type Schedule } from "curfew/runtime";

const pay: ClusterSchedule = scheduleCluster("payments", {
  name: pulumi.output("pay"),
  account: "111111111111",
  region: "eu-west-1",
  schedule: { name: "office", timezone: "Europe/Berlin", awake: "always" },
  settings: { drain: { policy: "scale-owners" } },
});
const fleet: FleetInput = {
  schedules: { always: { timezone: "UTC", awake: "always" } },
  exclusions: [{ cluster: "*-critical", reason: "runs the pager" }],
  clusters: [
    { name: "shop", account: "111111111111", region: "eu-west-1", schedule: "always", tags: { team: "shop" } },
    { name: "ledger-critical", account: "111111111111", region: "eu-west-1" },
  ],
};

export const { state } = pay;
export const rows = scheduleClusters(fleet).map(
  ({ cluster, state, rule }) => pulumi.interpolate\`\${cluster} is \${state}: \${rule}\`,
);
export const imported = [Hub, SpokeRole, evaluate].map(({ name }) => name);
export type AtNight = Schedule;
`;

/** A stack file for the package's own program. */
export const STOCK_CONFIG = `config:
  curfew:schedules:
    always: { timezone: UTC, awake: always }
  curfew:clusters:
    - { name: pay, account: "111111111111", region: eu-west-1, schedule: always }
`;

/** A hub, and a cluster that it looks after. */
export const WITH_HUB = `
import { Hub, scheduleCluster, scheduleClusters } from "curfew";

const hub = new Hub("curfew", { region: "eu-west-1", deletionProtection: false, dueShards: 4 });
const asleep = { timezone: "UTC", awake: "never" };

scheduleCluster("pay", { name: "pay", account: "111111111111", region: "eu-west-1", schedule: asleep, hub });
scheduleClusters(
  { schedules: { asleep }, clusters: [{ name: "shop", account: "111111111111", region: "eu-west-1", schedule: "asleep" }] },
  { hub },
);
export const { state, queueUrls } = hub;
`;
