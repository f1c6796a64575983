import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";

import type { AwsAccount } from "./account.js";
import type { Properties } from "./resource-type.js";

const INVOKES: Readonly<Record<string, (aws: AwsAccount) => Promise<Properties>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async ({ sts }) => {
    const { Account = "", Arn = "", UserId = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { id: Account, accountId: Account, arn: Arn, userId: UserId };
  },
  "aws:index/getRegion:getRegion": ({ region }) =>
    Promise.resolve({ id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` }),
  "aws:index/getPartition:getPartition": () =>
    Promise.resolve({ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" }),
};

/** What a program looks up. Rejects for what is not among it. */
export function answerInvoke(token: string, aws: AwsAccount): Promise<Properties> {
  const invoke = INVOKES[token];
  if (invoke !== undefined) return invoke(aws);
  throw new Error(
    `The lab's stand-in for the AWS provider has no ${token}. It has: ${Object.keys(INVOKES).join(", ")}.`,
  );
}
