import assert from "node:assert/strict";

import { uncordon } from "../../runtime/drain/index.js";
import { LOAD_BALANCER_EXCLUSION_LABEL } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { fakeCluster } from "./fake-cluster.js";
import { node } from "./fixtures.js";

const cordoned = (name: string) =>
  node(name, { isUnschedulable: true, labels: { [LOAD_BALANCER_EXCLUSION_LABEL]: "true", keep: "me" } });

describe("taking cordons back", () => {
  it("uncordons and unlabels only the nodes named, and does not mind those that are gone", async () => {
    const { kubernetes, world } = fakeCluster({ nodes: [cordoned("a"), cordoned("theirs")], pods: [] }, fakeClock());
    assert.deepEqual(await uncordon(["a", "gone"], { kubernetes }), []);
    assert.deepEqual(world.nodes.get("a")?.labels, { keep: "me" });
    assert.equal(world.nodes.get("a")?.isUnschedulable, false);
    assert.equal(world.nodes.get("theirs")?.isUnschedulable, true);
  });

  it("leaves the exclusion of nodes that load balancers left out before", async () => {
    const { kubernetes, world } = fakeCluster({ nodes: [cordoned("a")], pods: [] }, fakeClock());
    await uncordon(["a"], { kubernetes }, { keepExcluded: new Set(["a"]) });
    assert.equal(world.nodes.get("a")?.isUnschedulable, false);
    assert.notEqual(world.nodes.get("a")?.labels[LOAD_BALANCER_EXCLUSION_LABEL], undefined);
  });

  it("goes on past a node that fails and says that it is left", async () => {
    const { kubernetes, world } = fakeCluster({ nodes: [cordoned("a"), cordoned("b")], pods: [] }, fakeClock());
    const failing: typeof kubernetes = {
      ...kubernetes,
      patchNode: (name, change) =>
        name === "a" ? Promise.reject(new Error("no")) : kubernetes.patchNode(name, change),
    };
    assert.deepEqual(await uncordon(["a", "b"], { kubernetes: failing }), ["a"]);
    assert.equal(world.nodes.get("b")?.isUnschedulable, false);
  });
});
