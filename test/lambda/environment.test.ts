import assert from "node:assert/strict";

import { parseHubEnvironment } from "../../runtime/lambda/environment.js";
import { isFailure } from "../../runtime/ports/index.js";

const NEEDED = {
  AWS_REGION: "eu-west-1",
  CURFEW_TABLE: "curfew",
  CURFEW_QUEUE_URLS: '["https://sqs.eu-west-1.amazonaws.com/123456789012/work-0"]',
};

describe("the environment of the hub's functions", () => {
  it("is mostly optional", () => {
    assert.deepEqual(parseHubEnvironment(NEEDED), {
      hub: "curfew",
      region: "eu-west-1",
      table: "curfew",
      shards: 16,
      partitions: 1,
      queueUrls: ["https://sqs.eu-west-1.amazonaws.com/123456789012/work-0"],
      queueAssignment: "hash",
      recheckSeconds: 3600,
      retryAfterSeconds: 900,
      horizonSeconds: 1800,
      summaryHour: undefined,
      topicArn: undefined,
      busName: undefined,
      tellSuccess: false,
      otlpEndpoint: undefined,
    });
  });

  it("gives what it is given", () => {
    const settings = parseHubEnvironment({
      ...NEEDED,
      AWS_LAMBDA_FUNCTION_NAME: "night-shift-worker-12",
      CURFEW_SHARDS: "8",
      CURFEW_QUEUE_ASSIGNMENT: "region",
      CURFEW_ANNOUNCE_SUCCESS: "true",
      CURFEW_SUMMARY_HOUR: "0",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    });
    assert.deepEqual(
      [
        settings.hub,
        settings.shards,
        settings.queueAssignment,
        settings.tellSuccess,
        settings.summaryHour,
        settings.otlpEndpoint,
      ],
      ["night-shift", 8, "region", true, 0, "http://127.0.0.1:4318"],
    );
  });

  it("takes an empty variable for none", () => {
    assert.equal(parseHubEnvironment({ ...NEEDED, CURFEW_TOPIC_ARN: "", CURFEW_SHARDS: "" }).shards, 16);
  });

  it("names every problem at once", () => {
    assert.throws(
      () =>
        parseHubEnvironment({
          AWS_REGION: "eu-west-1",
          CURFEW_SHARDS: "many",
          CURFEW_QUEUE_URLS: "https://not-a-list",
          CURFEW_QUEUE_ASSIGNMENT: "random",
          CURFEW_SUMMARY_HOUR: "24",
        }),
      (error) => {
        assert(isFailure(error));
        assert.equal(error.code, "config-invalid");
        for (const name of [
          "CURFEW_TABLE",
          "CURFEW_SHARDS",
          "CURFEW_QUEUE_URLS",
          "CURFEW_QUEUE_ASSIGNMENT",
          "CURFEW_SUMMARY_HOUR",
        ]) {
          assert.match(error.message, new RegExp(name));
        }
        return true;
      },
    );
  });

  it("refuses a list of no queues", () => {
    assert.throws(() => parseHubEnvironment({ ...NEEDED, CURFEW_QUEUE_URLS: "[]" }), /CURFEW_QUEUE_URLS/);
  });
});
