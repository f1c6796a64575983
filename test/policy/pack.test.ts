import assert from "node:assert/strict";

import fc from "fast-check";

import { AWS } from "../../policy/aws-types.js";
import { createPolicies } from "../../policy/registry.js";
import { clusterSchedule } from "./declared.js";
import { createTestPack, UNKNOWN_TEXT } from "./test-pack.js";

const { type: CLUSTER_SCHEDULE } = clusterSchedule();

const POLICIES = createPolicies({
  stackConfig: () => ({ ok: false, problem: "nobody asks" }),
  previousState: () => Promise.resolve({ ok: true, clusters: [] }),
  nowMs: () => 0,
});

describe("policy, the pack", () => {
  it("ranks its rules: one advises, two mend, the others hold", () => {
    const ranks = Object.groupBy(POLICIES, ({ enforcementLevel }) => enforcementLevel ?? "none");
    assert.deepEqual(
      ranks.advisory?.map(({ name }) => name),
      ["worth-it"],
    );
    assert.deepEqual(
      ranks.remediate?.map(({ name }) => name),
      ["log-retention", "tags"],
    );
    assert.equal(ranks.mandatory?.length, POLICIES.length - 3);
  });

  it("says of every rule what holds, what to do, where to read on and what can be configured", () => {
    for (const { name, description, remediationSteps, url, configSchema } of POLICIES) {
      assert.match(description, /\.$/, name);
      assert.match(remediationSteps ?? "", /\.$/, name);
      assert.equal(url, "README.md#guard-rails");
      assert.ok(configSchema, name);
    }
    assert.equal(new Set(POLICIES.map(({ name }) => name)).size, POLICIES.length);
  });

  it("survives whatever a resource may hold", async () => {
    const types = [CLUSTER_SCHEDULE, "random:index:Thing", ...Object.values(AWS)];
    const pack = createTestPack({
      config: { exclusions: { exclusions: [{ cluster: "a*", tags: { a: "b" }, reason: "r" }] } },
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...types), oddProps, async (type, props) => {
        const resource = { type, name: "odd", props };
        await pack.analyze(resource);
        await pack.remediate(resource);
        await pack.analyzeStack(resource, {
          ...resource,
          type: AWS.queue,
          name: "other",
          from: { redrivePolicy: resource },
        });
      }),
      { numRuns: 400 },
    );
  });
});

const KEYS = [
  "account",
  "alarmActions",
  "arn",
  "assumeRolePolicy",
  "authorizationType",
  "cluster",
  "clusterName",
  "declaration",
  "dimensions",
  "inlinePolicies",
  "metricName",
  "name",
  "pointInTimeRecovery",
  "policy",
  "principal",
  "principalArn",
  "redrivePolicy",
  "region",
  "retentionInDays",
  "scalingConfig",
  "sqsManagedSseEnabled",
  "tags",
  "templateBody",
  "ttl",
  "version",
] as const;

const statement = fc.record(
  {
    Effect: fc.constantFrom("Allow", "Deny", 7),
    Action: fc.jsonValue(),
    Resource: fc.jsonValue(),
    Principal: fc.jsonValue(),
    Condition: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

const oddText = fc.oneof(
  fc.string(),
  fc.json(),
  statement.map((Statement) => JSON.stringify({ Statement })),
  fc.array(statement).map((Statement) => JSON.stringify({ Statement })),
  fc.jsonValue().map((Properties) => JSON.stringify({ Resources: { Role: { Type: "AWS::IAM::Role", Properties } } })),
  fc.record({ id: fc.constantFrom("1/2/3", "", 7), tags: fc.jsonValue() }).map((value) => JSON.stringify(value)),
);

const oddProps = fc.dictionary(
  fc.constantFrom(...KEYS),
  fc.oneof(
    fc.constant(UNKNOWN_TEXT),
    fc.constant([UNKNOWN_TEXT]),
    fc.constant({ a: UNKNOWN_TEXT }),
    oddText,
    fc.jsonValue(),
  ),
);
