import assert from "node:assert/strict";
import { judgeDeletion } from "../../../runtime/adapters/kubernetes/judge-deletion.js";
import { readServerAnswer } from "../../../runtime/adapters/kubernetes/server-answer.js";
import type { DeleteAnswer } from "../../../runtime/ports/index.js";
import { statusBody } from "./stub-api-server.js";

/** As API server 1.36 writes it. */
const OTHER_UID =
  'Operation cannot be fulfilled on Pod "db-0": the UID in the precondition (a) does not match the UID in record (b). ' +
  "The object might have been deleted and then recreated";

const CASES: readonly (readonly [that: string, status: number, message: string, kind: DeleteAnswer["kind"]])[] = [
  ["takes 404 as gone", 404, 'pods "web-1" not found', "gone"],
  ["takes another UID as gone", 409, OTHER_UID, "gone"],
  ["takes another UID in a scale's words as gone", 409, "UID in precondition: a, UID in object meta: b", "gone"],
  ["repeats after another conflict", 409, "the object has been modified", "transient"],
  ["names a webhook on pods/DELETE", 403, 'admission webhook "guard" denied the request: no', "refused"],
  ["names a failing webhook", 500, 'failed calling webhook "guard": no endpoints available', "refused"],
  ["takes another 403 for a missing permission", 403, 'User "curfew" cannot delete resource "pods"', "forbidden"],
  ["repeats after throttling", 429, "Too many requests", "transient"],
  ["repeats after a server error", 503, "etcdserver: leader changed", "transient"],
];

describe("judging a refused pod deletion", () => {
  for (const [that, status, message, kind] of CASES) {
    it(that, () => {
      assert.equal(judgeDeletion(readServerAnswer(status, statusBody(status, message))).kind, kind);
    });
  }
});
