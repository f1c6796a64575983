import type { Attributes, Span } from "../../ports/index.js";

/** A span that is being worked in. */
export interface OpenSpan {
  readonly span: Span;
  readonly operationId: string | undefined;
}

/** Which spans are open for which cluster, so that what a run tells finds the trace it belongs to. */
export interface OpenSpans {
  /** Notes a span that says its cluster; the answer takes it off again. */
  enter(attributes: Attributes, span: Span): () => void;
  /** The innermost one of a cluster. */
  of(clusterId: string): OpenSpan | undefined;
}

/** Attributes by which a span says what it is about. */
const CLUSTER = "curfew.cluster";
const OPERATION = "curfew.operation";

export function createOpenSpans(): OpenSpans {
  const byCluster = new Map<string, readonly OpenSpan[]>();
  return {
    enter(attributes, span) {
      const clusterId = attributes[CLUSTER];
      if (typeof clusterId !== "string") return () => undefined;
      const outer = byCluster.get(clusterId) ?? [];
      const operation = attributes[OPERATION] ?? outer.at(-1)?.operationId;
      const open: OpenSpan = { span, operationId: operation === undefined ? undefined : String(operation) };
      byCluster.set(clusterId, [...outer, open]);
      return () => {
        const left = (byCluster.get(clusterId) ?? []).filter((each) => each !== open);
        if (left.length > 0) byCluster.set(clusterId, left);
        else byCluster.delete(clusterId);
      };
    },
    of: (clusterId) => byCluster.get(clusterId)?.at(-1),
  };
}
