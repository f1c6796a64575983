/** The SDK client that campaigns cannot do without, and nothing else. */
export { DynamoDBClient, GetItemCommand, QueryCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
