import type { Progress, RunEvent } from "../../ports/index.js";
import type { Log } from "./log.js";
import type { OpenSpans } from "./open-spans.js";

/** Told while a long step goes on: dozens a run, which the trace keeps and a log would be paid for. */
const TRACE_ONLY: ReadonlySet<RunEvent["kind"]> = new Set(["step-started", "step-progress"]);

/** What runs tell becomes events of the cluster's open span, and lines of the log. */
export function createLoggedProgress(log: Log, openSpans: OpenSpans): Progress {
  return {
    emit({ clusterId, kind, step, message, data }) {
      const open = openSpans.of(clusterId);
      open?.span.event(kind, { message, ...(step === undefined ? {} : { step }) });
      if (TRACE_ONLY.has(kind)) return;
      log(kind === "warning" ? "warn" : "info", message, {
        clusterId,
        operationId: open?.operationId,
        traceparent: open?.span.traceparent,
        data: { kind, step, ...data },
      });
    },
  };
}
