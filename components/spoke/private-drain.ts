import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as lambda from "@pulumi/aws/lambda/index.js";
import * as pulumi from "@pulumi/pulumi";

import { relayFunctionName } from "../../runtime/ports/index.js";
import { bundlesFolder } from "../bundles-folder.js";
import { logGroupArns } from "../hub/arns.js";
import { logGroupName } from "../hub/names.js";
import { loggingStatements } from "../iam/hub-statements.js";
import { relayStatements } from "../iam/relay-statements.js";
import { serviceTrust } from "../iam/statement.js";
import { ServiceRole } from "../service-role.js";

export interface PrivateDrainArgs {
  /** Name of the EKS cluster; the function is called `curfew-relay-<name>`. */
  readonly clusterName: string;
  /** The cluster's Region. */
  readonly region: string;
  /** Subnets of the cluster's VPC. They need no way to the internet. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Their members must be let out to the cluster's security group on 443, and let in there. */
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Who may call it: the account's spoke role, made with `privateDrain: true`. */
  readonly spokeRoleArn: pulumi.Input<string>;
  /** Folder of the bundle `relay`, relative to the project's; this package's unless told otherwise. */
  readonly bundles?: string;
  /** What the endpoint's host must end with; the Region's EKS hosts unless told otherwise. */
  readonly hostSuffix?: string;
  /** Default 30. */
  readonly logRetentionDays?: number;
}

/** Above the 30 s of one request. */
const TIMEOUT_SECONDS = 35;
/** As much processor as TLS wants; the function itself needs little. */
const MEMORY_MB = 256;

/**
 * A way to a cluster whose endpoint is private: a function in its VPC that hands requests of the spoke role to the API
 * server, and does nothing else. It needs no NAT and no STS, for the token comes with the request, and costs nothing while
 * nobody asks.
 */
export class PrivateDrain extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;

  constructor(name: string, args: PrivateDrainArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:PrivateDrain", name, {}, options);
    const { clusterName, region, spokeRoleArn, bundles = bundlesFolder(), logRetentionDays = 30 } = args;
    const functionName = relayFunctionName(clusterName);
    const own = { parent: this };
    const logs = new cloudwatch.LogGroup(
      name,
      { name: logGroupName(functionName), region, retentionInDays: logRetentionDays },
      own,
    );
    const role = relayRole(name, args, this);
    const relay = new lambda.Function(
      name,
      {
        name: functionName,
        region,
        description: `Curfew's way to the API server of ${clusterName}`,
        role: role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.FileArchive(`${bundles}/relay`),
        memorySize: MEMORY_MB,
        timeout: TIMEOUT_SECONDS,
        environment: { variables: { CURFEW_RELAY_HOST_SUFFIX: args.hostSuffix ?? hostSuffixOf(region) } },
        vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: args.securityGroupIds },
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
      },
      own,
    );
    new lambda.Permission(
      name,
      { region, function: relay.name, action: "lambda:InvokeFunction", principal: spokeRoleArn, statementId: "spoke" },
      own,
    );
    this.functionArn = relay.arn;
    this.registerOutputs({ functionArn: this.functionArn });
  }
}

function relayRole(
  name: string,
  { clusterName, region, spokeRoleArn }: PrivateDrainArgs,
  parent: pulumi.Resource,
): ServiceRole {
  const functionName = relayFunctionName(clusterName);
  const statements = pulumi.output(spokeRoleArn).apply((roleArn) => {
    const [, partition, , , account] = roleArn.split(":");
    const functionArn = `arn:${partition}:lambda:${region}:${account}:function:${functionName}`;
    return [...relayStatements(functionArn), ...loggingStatements(logGroupArns(functionArn, [functionName]))];
  });
  const description = `Curfew's way to the API server of ${clusterName}`;
  const trust = serviceTrust("lambda.amazonaws.com");
  return new ServiceRole(
    name,
    { roleName: relayRoleName(clusterName, region), description, trust, statements },
    {
      parent,
    },
  );
}

/** Roles are global in an account, and IAM takes 64 characters. */
const relayRoleName = (clusterName: string, region: string): string =>
  `curfew-relay-${region}-${clusterName}`.slice(0, 64);

const hostSuffixOf = (region: string): string => `.${region}.eks.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
