import { parseFleet, serialiseCluster } from "../../runtime/config/index.js";
import type { TestResource } from "./test-pack.js";

/** An entry of `curfew:clusters`, as far as a test says it. */
export interface Entry {
  readonly name?: string;
  readonly account?: string;
  readonly region?: string;
  readonly schedule?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly settings?: object;
  readonly onDelete?: "wake" | "leave";
  readonly costPerHour?: number;
}

const SCHEDULES: Readonly<Record<string, object>> = {
  office: { timezone: "Europe/Berlin", awake: ["Mon-Fri 07:00-19:00"] },
};

/** The ClusterSchedule that the stack's program declares for an entry; without faults unless the entry says otherwise. */
export function clusterSchedule(entry: Entry = {}, schedules: Readonly<Record<string, object>> = {}): TestResource {
  const full = {
    name: "pay",
    account: "111111111111",
    region: "eu-west-1",
    schedule: "office",
    tags: { team: "payments" },
    ...entry,
  };
  const raw = { schedules: { ...SCHEDULES, ...schedules }, clusters: [full] };
  const fleet = parseFleet(raw, { files: new Map(), environment: {} });
  if (!fleet.ok) throw new Error(JSON.stringify(fleet.problems));
  const [spec] = fleet.value.clusters;
  if (spec === undefined) throw new Error("no cluster was declared");
  const { name, account, region, schedule } = full;
  return {
    type: "pulumi-nodejs:dynamic/curfew:ClusterSchedule",
    name,
    parents: [],
    props: { cluster: name, account, region, schedule, declaration: serialiseCluster(spec), __provider: "…" },
  };
}
