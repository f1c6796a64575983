/** The SDK clients that the planner cannot do without, and nothing else. */
export { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
export { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
