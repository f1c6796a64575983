import assert from "node:assert/strict";

import { parseClusterDeclaration, serialiseCluster } from "../../runtime/config/index.js";
import { wayInto } from "../../runtime/ports/index.js";
import { config, fleetOf, parse, PAYMENTS, problemsOf, valueOf } from "./declared.js";

const specOf = (more: object) => fleetOf(config({ clusters: [{ ...PAYMENTS, ...more }] })).clusters[0]!;

describe("how a cluster is reached", () => {
  it("is found out from its endpoint where nothing is declared", () => {
    const { access } = specOf({});
    assert.equal(wayInto(access, { hasPublicEndpoint: true }), "direct");
    assert.equal(wayInto(access, { hasPublicEndpoint: false }), "either");
    assert.doesNotMatch(serialiseCluster(specOf({})), /reach/);
  });

  it("is as declared, whatever the endpoint", () => {
    for (const [reach, way] of [
      ["hub", "direct"],
      ["spoke-resident", "relay"],
      ["api-only", "none"],
    ] as const) {
      const declared = valueOf(parseClusterDeclaration(serialiseCluster(specOf({ reach }))));
      for (const hasPublicEndpoint of [true, false]) {
        assert.equal(wayInto(declared.access, { hasPublicEndpoint }), way);
      }
    }
  });

  it("may be declared for the caller's own credentials as well", () => {
    assert.deepEqual(specOf({ role: "none", reach: "hub" }).access, { reach: "hub" });
  });

  it("is one of three words", () => {
    assert.deepEqual(problemsOf(parse(config({ clusters: [{ ...PAYMENTS, reach: "vpn" }] }))), [
      'clusters[0].reach: must be one of hub, spoke-resident, api-only, not "vpn"',
    ]);
  });
});
