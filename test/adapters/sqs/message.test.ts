import assert from "node:assert/strict";

import { parseWorkItem, workMessage } from "../../../runtime/adapters/sqs/message.js";

const ITEM = {
  clusterId: "111111111111/eu-west-1/payments",
  operationId: "op-1",
  claimedAt: 1_700_000_000_000,
  hop: 2,
  traceparent: null,
};

/** What a parser says about a body. */
const reasonFor = (body: string): string => {
  const parsed = parseWorkItem({ body });
  assert(parsed.kind === "poison", "the body was taken for an item");
  return parsed.reason;
};

describe("a message of work", () => {
  it("reads what was written", () => {
    assert.deepEqual(parseWorkItem({ body: workMessage(ITEM).body }), { kind: "item", item: ITEM });
  });

  it("carries the trace beside the body, where other tools look for it", () => {
    const item = { ...ITEM, traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    const { body, traceparent } = workMessage(item);
    assert.equal(traceparent, item.traceparent);
    assert.doesNotMatch(body, /traceparent/);
    assert.deepEqual(parseWorkItem({ body, messageAttributes: { traceparent: { stringValue: traceparent } } }), {
      kind: "item",
      item,
    });
  });

  it("takes fields that it does not know yet", () => {
    const body = JSON.stringify({ ...ITEM, priority: "high" });
    assert.deepEqual(parseWorkItem({ body }), { kind: "item", item: ITEM });
  });

  it("says what is wrong with poison", () => {
    assert.match(reasonFor("not JSON"), /expected object/);
    assert.match(reasonFor("null"), /expected object/);
    assert.match(reasonFor(JSON.stringify({ ...ITEM, clusterId: "payments" })), /account\/region\/name[^]*clusterId/);
    assert.match(reasonFor(JSON.stringify({ ...ITEM, hop: -1, operationId: "" })), /operationId[^]*hop/);
  });
});
