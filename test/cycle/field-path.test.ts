import assert from "node:assert/strict";

import fc from "fast-check";

import { applyJsonPatch } from "../../runtime/adapters/memory/json-patch.js";
import {
  canReach,
  countMissingParents,
  editObject,
  readField,
  sameJson,
  type FieldPath,
} from "../../runtime/cycle/field-path.js";

const CONFIGURATION = {
  metadata: { resourceVersion: "7" },
  webhooks: [
    { name: "a.example.com", failurePolicy: "Fail" },
    { name: "b.example.com", failurePolicy: "Ignore", rules: [] },
  ],
};

describe("a field path", () => {
  it("finds the element of a list by its name, wherever it stands", () => {
    assert.equal(readField(CONFIGURATION, ["webhooks", { name: "b.example.com" }, "failurePolicy"]), "Ignore");
    assert.equal(readField(CONFIGURATION, ["webhooks", { name: "c.example.com" }, "failurePolicy"]), undefined);
  });

  it("reads nothing through values of another kind, and nothing that an object merely inherits", () => {
    assert.equal(readField({ spec: "text" }, ["spec", "length"]), undefined);
    assert.equal(readField({ spec: null }, ["spec", "suspend"]), undefined);
    assert.equal(readField({}, ["constructor"]), undefined);
    assert.equal(readField({ a: [{ name: "x" }] }, ["a", "0"]), undefined);
  });

  it("counts the objects above a field that are not there", () => {
    assert.equal(countMissingParents({ spec: {} }, ["spec", "syncPolicy", "automated"]), 1);
    assert.equal(countMissingParents({}, ["spec", "syncPolicy", "automated"]), 2);
    assert.equal(countMissingParents({ spec: {} }, ["spec", "suspend"]), 0);
  });

  it("reaches fields below what is an object or missing, and no others", () => {
    assert.ok(canReach({}, ["spec", "suspend"]));
    assert.ok(canReach(CONFIGURATION, ["webhooks", { name: "a.example.com" }, "timeoutSeconds"]));
    assert.ok(!canReach(CONFIGURATION, ["webhooks", { name: "c.example.com" }, "timeoutSeconds"]));
    assert.ok(!canReach({ spec: "text" }, ["spec", "suspend"]));
    assert.ok(!canReach({ metadata: { annotations: null } }, ["metadata", "annotations", "x"]));
  });

  it("compares as JSON does: the order of keys says nothing, absent is not null", () => {
    assert.ok(sameJson({ a: 1, b: [2] }, { b: [2], a: 1 }));
    assert.ok(!sameJson(undefined, null));
    assert.ok(!sameJson("0", 0));
  });
});

describe("an edit of an object", () => {
  it("is one patch on exactly the version that was read, and touches nothing else", () => {
    const editor = editObject(CONFIGURATION);
    editor.set(["webhooks", { name: "b.example.com" }, "failurePolicy"], "Fail");
    editor.set(["webhooks", { name: "b.example.com" }, "timeoutSeconds"], 3);
    assert.deepEqual(editor.operations(), [
      { op: "test", path: "/metadata/resourceVersion", value: "7" },
      { op: "replace", path: "/webhooks/1/failurePolicy", value: "Fail" },
      { op: "add", path: "/webhooks/1/timeoutSeconds", value: 3 },
    ]);
    assert.equal(CONFIGURATION.webhooks[1]?.failurePolicy, "Ignore");
  });

  it("is nothing at all when the fields have these values already", () => {
    const editor = editObject(CONFIGURATION);
    editor.set(["webhooks", { name: "a.example.com" }, "failurePolicy"], "Fail");
    editor.set(["webhooks", { name: "a.example.com" }, "timeoutSeconds"], undefined);
    editor.set(["webhooks", { name: "gone.example.com" }, "failurePolicy"], "Ignore");
    assert.deepEqual(editor.operations(), []);
  });

  it("escapes what JSON pointers need escaped", () => {
    const editor = editObject({ metadata: {} });
    editor.set(["metadata", "annotations", "example.com/a~b"], "x");
    assert.deepEqual(editor.operations(), [
      { op: "add", path: "/metadata/annotations", value: {} },
      { op: "add", path: "/metadata/annotations/example.com~1a~0b", value: "x" },
    ]);
  });

  it("property: the patch makes exactly the change, and giving the old value back makes exactly the object", () => {
    const key = fc.constantFrom("a", "b", "c/d", "e~f");
    const path = fc.array(key, { minLength: 1, maxLength: 4 });
    const value = fc.option(fc.jsonValue({ maxDepth: 1 }), { nil: undefined });
    const tree = fc.letrec((tie) => ({
      node: fc.dictionary(key, fc.oneof({ depthSize: "small" }, fc.integer(), fc.constant(null), tie("node")), {
        noNullPrototype: true,
      }),
    })).node;
    fc.assert(
      fc.property(tree, path, value, (fields, at: FieldPath, ours) => {
        const before = { metadata: { resourceVersion: "7" }, spec: fields };
        const field = ["spec", ...at];
        fc.pre(canReach(before, field));
        const original = readField(before, field);
        const editor = editObject(before);
        editor.set(field, ours);
        const after = applyJsonPatch(before, editor.operations()) as typeof before;
        assert.deepEqual(readField(after, field), ours);
        const back = editObject(after);
        back.set(field, original, countMissingParents(before, field));
        assert.deepEqual(applyJsonPatch(after, back.operations()), before);
      }),
    );
  });
});
