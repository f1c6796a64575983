import assert from "node:assert/strict";

import { openTelemetry, type HubTelemetry } from "../../../runtime/adapters/telemetry/telemetry.js";
import { startOtlpReceiver, type OtlpReceiver, type OtlpSpan } from "./otlp-receiver.js";

const UPSTREAM = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const CLUSTER = "111111111111/eu-west-1/payments";
const DELTA = 1;

describe("telemetry", () => {
  let receiver: OtlpReceiver;
  let lines: string[];

  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    lines = [];
  });
  afterEach(() => receiver[Symbol.asyncDispose]());

  const open = (endpoint: string | undefined = receiver.endpoint): Promise<HubTelemetry> =>
    openTelemetry({
      hub: "curfew",
      role: "worker",
      region: "eu-west-1",
      endpoint,
      alarmMetrics: {
        "curfew.runs": { name: "Runs", unit: "Count" },
        "curfew.lag": { name: "Lag", unit: "Milliseconds" },
      },
      write: (line) => void lines.push(line),
      now: () => Date.parse("2026-01-05T07:00:00Z"),
    });

  const logged = (): readonly Record<string, unknown>[] =>
    lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const spanNamed = (name: string): OtlpSpan => {
    const found = receiver.spans().find((span) => span.name === name);
    assert(found, `no span ${name} was exported`);
    return found;
  };

  describe("traces", () => {
    it("go on where the message came from, and link to the hop before", async () => {
      const { telemetry } = await open();
      const links = ["00-11111111111111111111111111111111-2222222222222222-01"];
      await telemetry.span("reconcile", { parent: UPSTREAM, links }, async (outer) => {
        await telemetry.span("drain", { parent: outer.traceparent }, (inner) => {
          inner.set({ "curfew.pods": 40 });
          return Promise.resolve();
        });
      });
      await telemetry.flush();
      const [outer, inner] = [spanNamed("reconcile"), spanNamed("drain")];
      assert.deepEqual([outer.traceId, outer.parentSpanId], ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"]);
      assert.deepEqual([inner.traceId, inner.parentSpanId], [outer.traceId, outer.spanId]);
      assert.deepEqual(
        outer.links.map(({ traceId, spanId }) => [traceId, spanId]),
        [["11111111111111111111111111111111", "2222222222222222"]],
      );
      assert.deepEqual(inner.attributes, [{ key: "curfew.pods", value: { intValue: 40 } }]);
    });

    it("begin anew when the message's trace is broken", async () => {
      const { telemetry } = await open();
      await telemetry.span("reconcile", { parent: "00-not-a-trace", links: ["neither"] }, () => Promise.resolve());
      await telemetry.flush();
      assert.equal(spanNamed("reconcile").parentSpanId, undefined);
      assert.deepEqual(spanNamed("reconcile").links, []);
    });

    it("mark what failed, without its secrets, and let the failure through", async () => {
      const { telemetry } = await open();
      const failing = telemetry.span("reconcile", {}, () =>
        Promise.reject(new Error("401 for k8s-aws-v1.aHR0cHM6Ly9zdHM")),
      );
      await assert.rejects(failing, /401 for k8s-aws-v1\.aHR/);
      await telemetry.flush();
      assert.deepEqual(spanNamed("reconcile").status, { code: 2, message: "401 for k8s-aws-v1.[redacted]" });
      assert.doesNotMatch(JSON.stringify(receiver.spans()), /aHR0cHM6/);
    });

    it("can be handed on where nobody receives them", async () => {
      const { telemetry } = await openTelemetry({
        hub: "curfew",
        role: "planner",
        region: "eu-west-1",
        alarmMetrics: {},
        write: () => undefined,
        now: Date.now,
      });
      const traceparent = await telemetry.span("tick", {}, (span) => Promise.resolve(span.traceparent));
      assert.match(traceparent, /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-01$/);
      await telemetry.flush();
    });
  });

  describe("metrics", () => {
    it("are exported as what has come since the last flush", async () => {
      const { telemetry } = await open();
      const attributes = { "curfew.cluster": CLUSTER };
      telemetry.count("curfew.runs", 3, attributes);
      telemetry.record("curfew.drain", 1_500, attributes);
      await telemetry.flush();
      telemetry.count("curfew.runs", 2, attributes);
      await telemetry.flush();
      const sums = receiver.metrics().flatMap(({ name, sum }) => (name === "curfew.runs" && sum ? [sum] : []));
      assert.deepEqual(
        sums.map(({ aggregationTemporality, dataPoints }) => [
          aggregationTemporality,
          dataPoints[0]?.asDouble ?? dataPoints[0]?.asInt,
        ]),
        [
          [DELTA, 3],
          [DELTA, 2],
        ],
      );
      const drain = receiver.metrics().find(({ name }) => name === "curfew.drain")?.histogram;
      assert.deepEqual([drain?.dataPoints[0]?.count, drain?.dataPoints[0]?.sum], [1, 1_500]);
    });

    it("that alarms watch become EMF lines, without what has many values", async () => {
      const { telemetry } = await open();
      for (const cluster of ["a", "b"]) {
        const attributes = { "curfew.cluster": cluster, "curfew.outcome": "completed" };
        telemetry.count("curfew.runs", 1, attributes);
        telemetry.record("curfew.lag", 400, attributes);
        telemetry.record("curfew.drain", 1, attributes);
      }
      await telemetry.flush();
      const dimensions = { service: "curfew", Region: "eu-west-1", outcome: "completed" };
      assert.deepEqual(
        logged().map(({ _aws, ...fields }) => fields),
        [
          { ...dimensions, Runs: [1, 1] },
          { ...dimensions, Lag: [400, 400] },
        ],
      );
      assert.deepEqual(logged()[0]?.["_aws"], {
        Timestamp: Date.parse("2026-01-05T07:00:00Z"),
        CloudWatchMetrics: [
          {
            Namespace: "Curfew",
            Dimensions: [["service", "Region", "outcome"]],
            Metrics: [{ Name: "Runs", Unit: "Count" }],
          },
        ],
      });
    });

    it("never put more readings into a line than CloudWatch takes", async () => {
      const { telemetry } = await open();
      for (let index = 0; index < 250; index++) telemetry.record("curfew.lag", index, {});
      await telemetry.flush();
      assert.deepEqual(
        logged().map((line) => (line["Lag"] as number[]).length),
        [100, 100, 50],
      );
    });

    it("are written once", async () => {
      const { telemetry } = await open();
      telemetry.count("curfew.runs", 1, {});
      await telemetry.flush();
      await telemetry.flush();
      assert.equal(lines.length, 1);
    });
  });

  describe("the log", () => {
    it("says operation, cluster, account and trace", async () => {
      const { log } = await open();
      log("error", "It did not work.", {
        operationId: "op-1",
        clusterId: CLUSTER,
        traceparent: UPSTREAM,
        data: { hop: 2 },
      });
      assert.deepEqual(logged(), [
        {
          time: "2026-01-05T07:00:00.000Z",
          level: "error",
          service: "curfew-worker",
          message: "It did not work.",
          operation: "op-1",
          cluster: CLUSTER,
          account: "111111111111",
          trace_id: "0af7651916cd43dd8448eb211c80319c",
          span_id: "b7ad6b7169203331",
          data: { hop: 2 },
        },
      ]);
    });

    it("keeps tokens and signatures to itself", async () => {
      const { log } = await open();
      const token = "k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0x";
      log("warn", `Authorization: Bearer ${token}`, {
        data: {
          headers: { Authorization: "AWS4-HMAC-SHA256 Credential=x" },
          text: `refused ${token}`,
          url: "https://sts/?X-Amz-Signature=abcdef&X-Amz-Expires=60",
        },
      });
      assert.doesNotMatch(lines.join(), /aHR0|AWS4-HMAC|abcdef/);
      assert.match(lines.join(), /X-Amz-Expires=60/);
    });

    it("says what could not be exported, and the work goes on", async () => {
      const { telemetry } = await open();
      receiver.answer(400);
      telemetry.count("curfew.drains", 1, {});
      await telemetry.span("reconcile", {}, () => Promise.resolve());
      await telemetry.flush();
      assert.deepEqual(
        logged()
          .map(
            ({ level, message }) =>
              `${String(level)}: ${/^\w+ could not be exported/.exec(String(message))?.[0] ?? ""}`,
          )
          .sort(),
        ["warn: Metrics could not be exported", "warn: Traces could not be exported"],
      );
    });
  });

  describe("progress of a run", () => {
    const event = { clusterId: CLUSTER, at: 0 };

    it("becomes events of the cluster's span, and lines of the log with its trace", async () => {
      const { telemetry, progress } = await open();
      const attributes = { "curfew.cluster": CLUSTER, "curfew.operation": "op-1" };
      await telemetry.span("reconcile", { attributes, parent: UPSTREAM }, () => {
        progress.emit({ ...event, kind: "step-progress", step: "drain", message: "3 pods left." });
        progress.emit({ ...event, kind: "warning", message: "A budget is exhausted." });
        return Promise.resolve();
      });
      await telemetry.flush();
      assert.deepEqual(
        spanNamed("reconcile").events.map(({ name }) => name),
        ["step-progress", "warning"],
      );
      const [line, ...others] = logged();
      assert.deepEqual(others, []);
      assert.deepEqual(
        [line?.["level"], line?.["operation"], line?.["trace_id"]],
        ["warn", "op-1", "0af7651916cd43dd8448eb211c80319c"],
      );
    });

    it("is logged without a span too", async () => {
      const { progress } = await open();
      progress.emit({ ...event, kind: "run-finished", message: "hibernated after 40 s." });
      assert.equal(logged()[0]?.["message"], "hibernated after 40 s.");
    });
  });
});
