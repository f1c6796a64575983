import * as pulumi from "@pulumi/pulumi";

import { ClusterSchedule } from "../dynamic-providers/cluster-schedule.js";
import { DEFAULT_ROLE, serialiseCluster } from "../runtime/config/index.js";
import { pathTo, type ScheduleInput } from "../runtime/schedule/index.js";
import { acceptFleet, type HubOfClusters } from "./accept-fleet.js";
import type { ClusterEntryInput, FleetInput } from "./fleet-input.js";

/** What of a cluster other resources may have to tell first, such as the cluster itself. */
type Known = Required<Pick<ClusterEntryInput, "name" | "account" | "region" | "role">>;
type Given = { readonly [Key in keyof Known]: pulumi.Input<Known[Key]> };

/** One cluster and when it is awake, in the words of a stack file. */
export interface ScheduleClusterArgs extends Omit<ClusterEntryInput, keyof Known | "profile" | "schedule"> {
  /** Its name in EKS. */
  readonly name: pulumi.Input<string>;
  /** Twelve digits. */
  readonly account: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Name or ARN of the role to assume there; `none` for the caller's own credentials; by default `curfew-spoke`. */
  readonly role?: pulumi.Input<string>;
  /** When it is awake; its `name`, by default the resource's, is the one that people are told. */
  readonly schedule: ScheduleInput & { readonly name?: string };
  /** The calendars that the schedule names. */
  readonly calendars?: FleetInput["calendars"];
  /** The hub that takes it to where it should be; without one `pulumi up` does. */
  readonly hub?: HubOfClusters;
  /** Without a hub: where state is kept, the path of a file, relative to the project's folder. */
  readonly state?: string;
}

/** In place of what is not known yet, so that all the rest is checked in a preview too. */
const STAND_IN: Known = { name: "known-later", account: "000000000000", region: "us-east-1", role: "none" };

/**
 * Declares one ClusterSchedule. Throws a `RunError` that names every problem at once; what is wrong with an argument that is
 * an output is told when it is known.
 */
export function scheduleCluster(
  resourceName: string,
  args: ScheduleClusterArgs,
  options?: pulumi.CustomResourceOptions,
): ClusterSchedule {
  const { name, account, region, role = DEFAULT_ROLE, hub, ...rest } = args;
  const given: Given = { name, account, region, role };
  const declare = (known: Known) => declareOne(resourceName, { ...rest, ...known, hub });
  const { schedule, state } = declare(isKnown(given) ? given : STAND_IN);
  const declaration = pulumi.output(given).apply((known) => declare(known).declaration);
  return new ClusterSchedule(
    resourceName,
    { cluster: name, account, region, schedule, declaration, ...(state !== null && { statePath: state }) },
    // A schedule comes after the table that keeps its state, and goes before it.
    pulumi.mergeOptions(hub && { dependsOn: [hub.table] }, options),
  );
}

function isKnown(given: Given): given is Known {
  return Object.values(given).every((value) => typeof value === "string");
}

type KnownArgs = Omit<ScheduleClusterArgs, keyof Known | "hub"> & Known & { readonly hub: HubOfClusters | undefined };

/** What the resource carries, by the same way as what a stack file declares. */
function declareOne(resourceName: string, { hub, calendars, state, schedule: named, ...entry }: KnownArgs) {
  const { name: schedule = resourceName, ...times } = named;
  const fleet = acceptFleet({
    fleet: {
      clusters: [{ ...entry, schedule }],
      schedules: { [schedule]: times },
      ...(calendars !== undefined && { calendars }),
      ...(state !== undefined && { state }),
    },
    hub,
    placeOf: (path) => path.replace("clusters[0].", "").replace(pathTo("schedules", schedule), "schedule"),
  });
  const declarations = fleet.clusters.map(serialiseCluster);
  return { schedule, state: fleet.state, declaration: declarations.join("") };
}
