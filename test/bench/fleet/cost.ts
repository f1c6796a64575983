import { HUB } from "./quotas.js";

/** What a wave used of the services that are billed by use. */
export interface Use {
  readonly lambdaSeconds: number;
  readonly invocations: number;
  readonly queueCalls: number;
  readonly writes: number;
  readonly reads: number;
}

/** List prices of aws.md §13, in dollars; an item of DynamoDB is taken for one unit. */
export function costOf({ lambdaSeconds, invocations, queueCalls, writes, reads }: Use): number {
  const lambda = lambdaSeconds * HUB.memoryGb * 0.0000133334 + invocations * 0.0000002;
  const dynamo = (writes * 0.625 + reads * 0.125) / 1_000_000;
  const sqs = (queueCalls * 0.5) / 1_000_000;
  return Math.round((lambda + dynamo + sqs) * 100) / 100;
}
