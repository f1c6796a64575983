import { SQSClient } from "@aws-sdk/client-sqs";

/**
 * A client for the queues of a Region, this process's own unless told. Requests go to the Region's endpoint and not to
 * the host in a queue's URL: it is the same host on AWS, and behind an endpoint override the URL's host may be out of reach.
 */
export function createSqsClient(region?: string): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, ...(region !== undefined && { region }) });
}
