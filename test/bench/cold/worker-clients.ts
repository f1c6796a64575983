/** The SDK clients that a worker cannot do without, and nothing else. */
export { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
export {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
export {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListNodegroupsCommand,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
export { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
export { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
