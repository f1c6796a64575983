import * as pulumi from "@pulumi/pulumi";

import type { clusterSchedule } from "curfew/runtime";

type Inputs = clusterSchedule.ClusterScheduleInputs;
type Properties = clusterSchedule.Properties;
type Outputs = clusterSchedule.ClusterScheduleOutputs;

/** What a ClusterSchedule is declared with; each value may be an output of another resource. */
export type ClusterScheduleArgs = { readonly [Key in keyof Inputs]: pulumi.Input<Inputs[Key]> };

/**
 * The provider whose text Pulumi stores with every resource and runs in a process of its own.
 *
 * Its text must never have to change, because a resource keeps the one with which it was last written: so each method
 * names a function of today's runtime and hands on whatever it gets. It must capture nothing, not even a helper: the
 * serialiser copies captured modules by value, and an ESM import cannot be copied. One object serves all resources,
 * and so its text is made once.
 */
export const provider: pulumi.dynamic.ResourceProvider<Properties, Properties> = {
  check: async (...a) => (await import("curfew/runtime")).clusterSchedule.check(...a),
  diff: async (...a) => (await import("curfew/runtime")).clusterSchedule.diff(...a),
  create: async (...a) => (await import("curfew/runtime")).clusterSchedule.create(...a),
  update: async (...a) => (await import("curfew/runtime")).clusterSchedule.update(...a),
  read: async (...a) => (await import("curfew/runtime")).clusterSchedule.read(...a),
  delete: async (...a) => (await import("curfew/runtime")).clusterSchedule.remove(...a),
};

/**
 * One cluster and when it runs. Creating or updating it takes the cluster to what the calendar wants at that moment;
 * deleting it wakes the cluster first. Outputs tell what Curfew saw when it last looked.
 */
export class ClusterSchedule extends pulumi.dynamic.Resource {
  /** The type by which policies and states know it. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/curfew:ClusterSchedule";

  declare readonly cluster: pulumi.Output<Inputs["cluster"]>;
  declare readonly account: pulumi.Output<Inputs["account"]>;
  declare readonly region: pulumi.Output<Inputs["region"]>;
  declare readonly schedule: pulumi.Output<Inputs["schedule"]>;
  declare readonly state: pulumi.Output<Outputs["state"]>;
  declare readonly since: pulumi.Output<Outputs["since"]>;
  declare readonly wanted: pulumi.Output<Outputs["wanted"]>;
  declare readonly rule: pulumi.Output<Outputs["rule"]>;
  declare readonly nextTransitionAt: pulumi.Output<Outputs["nextTransitionAt"]>;
  declare readonly lastResult: pulumi.Output<Outputs["lastResult"]>;
  declare readonly lastReport: pulumi.Output<Outputs["lastReport"]>;

  constructor(name: string, args: ClusterScheduleArgs, options?: pulumi.CustomResourceOptions) {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back as it was, never called from here
    const prepareStackTrace = Error.prepareStackTrace;
    try {
      // Pulumi writes the stack of every resource's creation into the state: half a kilobyte of paths on this computer.
      Error.prepareStackTrace = () => "";
      super(provider, name, { ...unknownOutputs, ...args }, options, "curfew", "ClusterSchedule");
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  }
}

/** A property that is not named here does not become an output of the class. */
const unknownOutputs = {
  state: undefined,
  since: undefined,
  wanted: undefined,
  rule: undefined,
  nextTransitionAt: undefined,
  lastResult: undefined,
  lastReport: undefined,
} satisfies Partial<Record<keyof Outputs, undefined>>;
