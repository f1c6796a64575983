import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";

/** The clients of one Region of the account that the environment's credentials belong to. */
export interface AwsAccount {
  readonly region: string;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly scheduler: SchedulerClient;
  readonly stepFunctions: SFNClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

/** Endpoint and credentials come from the environment, as for every AWS client of the lab. */
export function createAccounts(): (region: string) => AwsAccount {
  const accounts = new Map<string, AwsAccount>();
  return (region) => {
    const account = accounts.get(region) ?? openAccount(region);
    accounts.set(region, account);
    return account;
  };
}

const openAccount = (region: string): AwsAccount => ({
  region,
  cloudWatch: new CloudWatchClient({ region }),
  dynamodb: new DynamoDBClient({ region }),
  eventBridge: new EventBridgeClient({ region }),
  iam: new IAMClient({ region }),
  lambda: new LambdaClient({ region }),
  logs: new CloudWatchLogsClient({ region }),
  scheduler: new SchedulerClient({ region }),
  // A prefix before the host name cannot be resolved on loopback.
  stepFunctions: new SFNClient({ region, disableHostPrefix: true }),
  sns: new SNSClient({ region }),
  sqs: new SQSClient({ region }),
  sts: new STSClient({ region }),
});
