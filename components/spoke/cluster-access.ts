import * as eks from "@pulumi/aws/eks/index.js";
import * as rbac from "@pulumi/kubernetes/rbac/v1/index.js";
import * as pulumi from "@pulumi/pulumi";

import { clusterRules, type ClusterRoleKind } from "./cluster-role.js";

export interface ClusterAccessArgs {
  readonly clusterName: pulumi.Input<string>;
  /** The cluster's Region; the AWS provider's unless told otherwise. */
  readonly region?: pulumi.Input<string>;
  /** ARN of the spoke role. */
  readonly principalArn: pulumi.Input<string>;
  /** What Curfew may do inside; `full-cycle` unless told otherwise. */
  readonly role?: ClusterRoleKind;
  /** The Kubernetes group, and the name of its ClusterRole; `curfew` unless told otherwise. */
  readonly group?: string;
}

/** The options of a ClusterAccess: the account's AWS provider, and the cluster's own Kubernetes provider. */
export interface ClusterAccessOptions extends Omit<pulumi.ComponentResourceOptions, "provider" | "providers"> {
  readonly providers: { readonly aws: pulumi.ProviderResource; readonly kubernetes: pulumi.ProviderResource };
}

/**
 * Lets the spoke role into one cluster: an access entry that maps it to a Kubernetes group, and that group's rights. The
 * cluster's authentication mode must include the API.
 */
export class ClusterAccess extends pulumi.ComponentResource {
  readonly entryArn: pulumi.Output<string>;

  constructor(name: string, args: ClusterAccessArgs, { providers, ...options }: ClusterAccessOptions) {
    super("curfew:index:ClusterAccess", name, {}, { ...options, providers: { ...providers } });
    const { clusterName, region, principalArn, role = "full-cycle", group = "curfew" } = args;
    const own = { parent: this };
    const entry = new eks.AccessEntry(
      name,
      {
        clusterName,
        principalArn,
        kubernetesGroups: [group],
        type: "STANDARD",
        ...(region !== undefined && { region }),
      },
      own,
    );
    const clusterRole = new rbac.ClusterRole(
      name,
      { metadata: { name: group }, rules: clusterRules(role).map((rule) => ({ ...rule })) },
      own,
    );
    new rbac.ClusterRoleBinding(
      name,
      {
        metadata: { name: group },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole.metadata.name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
      },
      own,
    );
    this.entryArn = entry.accessEntryArn;
    this.registerOutputs({ entryArn: this.entryArn });
  }
}
