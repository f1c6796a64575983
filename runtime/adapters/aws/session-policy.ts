import { relayFunctionName, type ClusterIdentity } from "../../ports/index.js";
import { partitionOf } from "./arns.js";

/**
 * What a session of the spoke role may do at most: a run on this one cluster. IAM allows what both this and the role's
 * own policies allow, so it only takes away. Well below STS's 2,048 characters.
 */
export function sessionPolicy({ account, region, name }: ClusterIdentity): string {
  const own = (service: string, rest: string) => `arn:${partitionOf(region)}:${service}:${region}:${account}:${rest}`;
  const eks = (rest: string) => own("eks", rest);
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      allow(["eks:*"], [eks(`cluster/${name}`), eks(`nodegroup/${name}/*`), eks(`addon/${name}/*`)]),
      allow(["lambda:InvokeFunction"], [own("lambda", `function:${relayFunctionName(name)}`)]),
      // No resource can be named for reads of Auto Scaling and EC2.
      allow(["autoscaling:Describe*", "ec2:Describe*"], ["*"]),
      {
        ...allow(["autoscaling:*"], ["*"]),
        Condition: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${name}`]: ["owned", "shared"] } },
      },
      // The nodes' role, which EKS wants to be passed with Auto Mode's pools.
      {
        ...allow(["iam:PassRole"], ["*"]),
        Condition: { StringEquals: { "iam:PassedToService": "eks.amazonaws.com" } },
      },
    ],
  });
}

function allow(actions: readonly string[], resources: readonly string[]) {
  return { Effect: "Allow", Action: actions, Resource: resources };
}
