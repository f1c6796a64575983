import assert from "node:assert/strict";

import { applyJsonPatch } from "../../../runtime/adapters/memory/json-patch.js";
import type { PatchOperation } from "../../../runtime/ports/index.js";

const patched = (document: object, ...operations: PatchOperation[]) => applyJsonPatch(document, operations);

describe("JSON patches (RFC 6902)", () => {
  it("add, also at the end and in the middle of a list", () => {
    assert.deepEqual(patched({ a: [1, 3] }, { op: "add", path: "/a/1", value: 2 }), { a: [1, 2, 3] });
    assert.deepEqual(patched({ a: [1] }, { op: "add", path: "/a/-", value: 2 }), { a: [1, 2] });
    assert.deepEqual(patched({}, { op: "add", path: "/a", value: null }), { a: null });
    assert.equal(patched({ a: [] }, { op: "add", path: "/a/1", value: 2 }), null);
    assert.equal(patched({ a: [] }, { op: "add", path: "/a/x", value: 2 }), null);
  });

  it("replace and remove what is there, and nothing else", () => {
    assert.deepEqual(patched({ a: { b: 1 } }, { op: "replace", path: "/a/b", value: 2 }), { a: { b: 2 } });
    assert.deepEqual(patched({ a: [1, 2] }, { op: "remove", path: "/a/0" }), { a: [2] });
    assert.deepEqual(patched({ a: { b: null, c: 1 } }, { op: "remove", path: "/a/b" }), { a: { c: 1 } });
    assert.equal(patched({ a: 1 }, { op: "replace", path: "/b", value: 2 }), null);
    assert.equal(patched({ a: 1 }, { op: "remove", path: "/a/b" }), null);
    assert.equal(patched({ a: 1 }, { op: "remove", path: "/toString" }), null);
  });

  it("test for equality, whatever the order of the keys", () => {
    const document = { a: { b: 1, c: [2] } };
    assert.deepEqual(patched(document, { op: "test", path: "/a", value: { c: [2], b: 1 } }), document);
    assert.equal(patched(document, { op: "test", path: "/a", value: { b: 1 } }), null);
    assert.equal(patched(document, { op: "test", path: "/x", value: null }), null);
  });

  it("name keys with slashes and tildes", () => {
    const document = { "a/b": 1, "m~n": 2 };
    assert.deepEqual(patched(document, { op: "remove", path: "/a~1b" }), { "m~n": 2 });
    assert.deepEqual(patched(document, { op: "replace", path: "/m~0n", value: 3 }), { "a/b": 1, "m~n": 3 });
  });

  it("happen as a whole or not at all, and leave the document as it is", () => {
    const document = { a: 1, list: [{ b: 1 }] };
    const value = { c: 1 };
    const result = patched(
      document,
      { op: "add", path: "/list/-", value },
      { op: "replace", path: "/list/1/c", value: 2 },
      { op: "test", path: "/list/1", value: { c: 2 } },
    );
    assert.deepEqual(result, { a: 1, list: [{ b: 1 }, { c: 2 }] });
    assert.deepEqual([document, value], [{ a: 1, list: [{ b: 1 }] }, { c: 1 }]);
    assert.equal(patched(document, { op: "remove", path: "/a" }, { op: "test", path: "/a", value: 1 }), null);
  });
});
