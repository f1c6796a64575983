import type { ClusterIdentity, PermissionQuestion } from "../../ports/index.js";

/** Names of one cluster's things as IAM knows them. */
export interface Arns {
  /** What an action is done to; `*` for the account. */
  resourceOf(on: PermissionQuestion["on"]): string;
  /** The role or user behind what GetCallerIdentity gives. The path of an assumed role is not in there, and so is lost. */
  principalOf(callerArn: string): string;
}

/** Stands for the part that AWS makes up; policies have a wildcard in its place. */
const SOME_ID = "00000000-0000-0000-0000-000000000000";

/** The ARNs around one cluster. */
export function createArns({ account, region, name }: ClusterIdentity): Arns {
  const partition = partitionOf(region);
  const within = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  return {
    resourceOf(on) {
      if (on === "account") return "*";
      if (on === "cluster") return within("eks", `cluster/${name}`);
      if (on.kind === "managed") return within("eks", `nodegroup/${name}/${on.name}/${SOME_ID}`);
      return within("autoscaling", `autoScalingGroup:${SOME_ID}:autoScalingGroupName/${on.autoScalingGroup}`);
    },
    principalOf(callerArn) {
      const [, role] = /:assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
      return role === undefined ? callerArn : `arn:${partition}:iam::${account}:role/${role}`;
    },
  };
}

/** The part of AWS that a Region lies in, as ARNs name it. */
export function partitionOf(region: string): string {
  return region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
