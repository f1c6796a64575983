import { allow, type Statement } from "./statement.js";

/** What AWS's own AWSLambdaVPCAccessExecutionRole grants for network interfaces; IAM lets half of it name no resource. */
const INTERFACES = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

/**
 * What a relay's role allows: Lambda itself to keep the function's network interfaces, and the function's own code nothing
 * of that. No AWS API can be called by it. Pure.
 */
export function relayStatements(functionArn: string): readonly Statement[] {
  const byItsCode = { ArnEquals: { "lambda:SourceFunctionArn": functionArn } };
  return [
    allow("Interfaces", INTERFACES, ["*"]),
    { ...allow("NotByItsCode", INTERFACES, ["*"], byItsCode), Effect: "Deny" },
  ];
}
