import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

const dynamodb = new DynamoDBClient();
const sts = new STSClient();

/** Writes down, for each message, whose account its work was done in; what it cannot read it gives back. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of Records) {
    await work(record).catch(() => batchItemFailures.push({ itemIdentifier: record.messageId }));
  }
  return { batchItemFailures };
}

async function work({ messageId, body }: SQSRecord): Promise<void> {
  const { partition } = JSON.parse(body) as { readonly partition: number };
  const Item = {
    pk: { S: messageId },
    partition: { N: String(partition) },
    account: { S: await spokeAccount() },
    endpoint: { S: process.env["AWS_ENDPOINT_URL"] ?? "" },
  };
  await dynamodb.send(new PutItemCommand({ TableName: process.env["TABLE"], Item }));
}

async function spokeAccount(): Promise<string> {
  const RoleArn = process.env["SPOKE_ROLE"];
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "relay" }));
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  const spoke = new STSClient({ credentials });
  const { Account = "" } = await spoke.send(new GetCallerIdentityCommand({}));
  spoke.destroy();
  return Account;
}
