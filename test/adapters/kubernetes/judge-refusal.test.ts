import assert from "node:assert/strict";
import { judgeRefusal } from "../../../runtime/adapters/kubernetes/judge-refusal.js";
import { readServerAnswer } from "../../../runtime/adapters/kubernetes/server-answer.js";
import { statusBody } from "./stub-api-server.js";

function judged(status: number, message: string, details: object = {}): string | null {
  return judgeRefusal(readServerAnswer(status, statusBody(status, message, details)))?.kind ?? null;
}

describe("what a refusal of a write means", () => {
  it("tells a missing right from an admission plugin's 403", () => {
    assert.equal(
      judged(
        403,
        'deployments.apps "web" is forbidden: User "curfew" cannot patch resource "deployments" in API group "apps"',
      ),
      "forbidden",
    );
    assert.equal(judged(403, 'pods "web" is forbidden: exceeded quota: small'), "invalid");
    assert.equal(judged(403, 'pods "web" is forbidden: violates PodSecurity "restricted:latest"'), "invalid");
  });

  it("takes a webhook's words before its status", () => {
    for (const status of [400, 403, 404, 409, 422, 429, 500]) {
      assert.equal(judged(status, 'admission webhook "guard.lab.test" denied the request: no'), "webhook-denied");
    }
    assert.equal(
      judged(500, 'Internal error occurred: failed calling webhook "guard.lab.test": timeout'),
      "webhook-failed",
    );
  });

  it("tells a patch that does not fit from one that the object cannot bear", () => {
    assert.equal(judged(422, "the server rejected our request due to an error in our request"), "patch-misfit");
    const causes = [{ reason: "FieldValueInvalid", message: "must be positive", field: "spec.replicas" }];
    assert.equal(
      judged(422, 'Deployment.apps "web" is invalid', { name: "web", kind: "Deployment", causes }),
      "invalid",
    );
    assert.equal(judged(422, ' "" is invalid: patch: cannot unmarshal', { causes }), "invalid");
  });

  it("tells another object by the name from another writer", () => {
    assert.equal(judged(404, 'nodepools.karpenter.sh "general" not found'), "gone");
    assert.equal(judged(409, "the UID in the precondition (a) does not match the UID in record (b)"), "gone");
    assert.equal(
      judged(409, "the object has been modified; please apply your changes to the latest version"),
      "conflict",
    );
  });

  it("says nothing about the object when the server is in trouble or knows nobody", () => {
    for (const status of [401, 408, 429, 500, 502, 503, 504]) assert.equal(judged(status, "trouble"), null);
  });
});
