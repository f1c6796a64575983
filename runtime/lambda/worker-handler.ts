import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

import { handleWork, type WorkEnd, type WorkerOptions, type WorkerPorts } from "../fleet/worker/index.js";
import { failureInfo, type WorkItem } from "../ports/index.js";
import { once } from "./once.js";
import type { WriteLog } from "./write-log.js";

/** A worker, put together. */
export interface Worker {
  /** What work on this item needs; AWS sees its operation in the role session. */
  readonly portsFor: (item: WorkItem) => WorkerPorts;
  readonly options: Omit<WorkerOptions, "remainingMs">;
  readonly telemetry: Pick<WorkerPorts["telemetry"], "flush">;
  readonly parseItem: (record: Pick<SQSRecord, "body" | "messageAttributes">) => ParsedItem;
  readonly log: WriteLog;
}

/** What a record of a queue holds. */
type ParsedItem =
  { readonly kind: "item"; readonly item: WorkItem } | { readonly kind: "poison"; readonly reason: string };

/**
 * Works on the records of an event side by side, each for itself: those that could not be worked on are answered as batch item
 * failures and come back, until the queue puts them aside. Rejects only when the worker cannot be put together.
 */
export function createWorkerHandler(
  compose: () => Promise<Worker>,
): (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">) => Promise<SQSBatchResponse> {
  const opened = once(compose);
  return async ({ Records }, context) => {
    const worker = await opened();
    try {
      const answers = await Promise.all(
        Records.map(async (record) => ({
          record,
          isDone: await workOn(record, worker, context.getRemainingTimeInMillis()),
        })),
      );
      const failed = answers.filter(({ isDone }) => !isDone);
      return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
    } finally {
      await worker.telemetry.flush();
    }
  };
}

/** Whether the message is done with. Never throws: its neighbours in the batch go on. */
async function workOn(record: SQSRecord, worker: Worker, remainingMs: number): Promise<boolean> {
  const { log, parseItem, portsFor, options } = worker;
  const parsed = parseItem(record);
  if (parsed.kind === "poison") {
    log("error", `A message is no work item: ${parsed.reason}`, { data: { messageId: record.messageId } });
    return false;
  }
  const { item } = parsed;
  try {
    tell(await handleWork(item, portsFor(item), { ...options, remainingMs }), item, log);
    return true;
  } catch (error) {
    const { code, message, remedy } = failureInfo(error);
    log("error", message, { ...contextOf(item), data: { code, remedy, hop: item.hop } });
    return false;
  }
}

/** What a run ended with is in the log already, told by the run itself. */
function tell(end: WorkEnd, item: WorkItem, log: WriteLog): void {
  if (end.kind === "untouched") log("warn", `Left alone: ${end.why}`, { ...contextOf(item), data: { code: end.code } });
  if (end.kind === "put-off") {
    const until = new Date(end.until).toISOString();
    log("warn", "Put off: the account's circuit is open.", { ...contextOf(item), data: { kind: end.kind, until } });
  }
}

function contextOf({ clusterId, operationId, traceparent }: WorkItem) {
  return { clusterId, operationId, traceparent };
}
