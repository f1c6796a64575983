/** Where something lives in the emulated cloud. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A group of nodes, named by its managed node group or by its Auto Scaling group. */
export type GroupAddress = Place &
  ({ readonly cluster: string; readonly nodegroup: string } | { readonly group: string });

/** An instance that runs, with what becomes of it in Kubernetes. */
export interface RunningInstance extends Place {
  readonly id: string;
  /** Name of its Auto Scaling group. */
  readonly group: string;
  readonly zone: string;
  readonly type: string;
  readonly dnsName: string;
  /** Tags of the group, from which its cluster is known. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface GroupState {
  /** Name of the Auto Scaling group. */
  readonly name: string;
  readonly min: number;
  readonly desired: number;
  readonly max: number;
  /** Ids of the instances that count towards the size. */
  readonly instances: readonly string[];
}

/** The emulator's routes for the lab, served by lab_hooks/control.py. */
export interface ControlOperations {
  /** Seconds that a node group update, a launch, a termination and a schedule's minute take. */
  readonly timing: {
    readonly order: {
      readonly update?: number;
      readonly launch?: number;
      readonly terminate?: number;
      readonly minute?: number;
    };
    readonly answer: undefined;
  };
  /** Environment variables of functions that are started from now on. */
  readonly functions: {
    readonly order: { readonly environment: Readonly<Record<string, string>> };
    readonly answer: undefined;
  };
  readonly "create-role": { readonly order: { readonly arn: string }; readonly answer: undefined };
  readonly "delete-role": { readonly order: { readonly arn: string }; readonly answer: undefined };
  readonly "patch-cluster": {
    readonly order: Place & { readonly cluster: string; readonly fields: object };
    readonly answer: undefined;
  };
  readonly "patch-nodegroup": {
    readonly order: Place & {
      readonly cluster: string;
      readonly nodegroup: string;
      readonly fields?: object;
      readonly update?: "begin" | "end";
    };
    readonly answer: { readonly id: string } | undefined;
  };
  readonly "refuse-launches": {
    readonly order: GroupAddress & { readonly message?: string };
    readonly answer: undefined;
  };
  readonly "replace-instance": { readonly order: GroupAddress; readonly answer: undefined };
  readonly "launch-instance": { readonly order: GroupAddress; readonly answer: undefined };
  readonly "read-group": { readonly order: GroupAddress; readonly answer: GroupState };
  readonly "list-instances": { readonly order: object; readonly answer: readonly RunningInstance[] };
}
