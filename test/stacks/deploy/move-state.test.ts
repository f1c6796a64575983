import assert from "node:assert/strict";

import { moveState, type Deployment } from "../../../stacks/deploy/move-state.js";

const root = (stack: string) => ({
  urn: `urn:pulumi:${stack}::p::pulumi:pulumi:Stack::p-${stack}`,
  type: "pulumi:pulumi:Stack",
});
const provider = (stack: string, id: string) => ({
  urn: `urn:pulumi:${stack}::p::pulumi:providers:x::default`,
  type: "pulumi:providers:x",
  id,
});
const schedule = (stack: string, name: string, providerId: string, more: object = {}) => ({
  urn: `urn:pulumi:${stack}::p::x:S::${name}`,
  type: "x:S",
  id: `1/r/${name}`,
  parent: root(stack).urn,
  provider: `${provider(stack, providerId).urn}::${providerId}`,
  ...more,
});

function move(source: Deployment, dest: Deployment, name: string) {
  const moved = moveState(source, dest, {
    urns: new Set([`urn:pulumi:dev::p::x:S::${name}`]),
    from: "dev",
    to: "dev-2",
  });
  assert.ok(moved.ok);
  return moved.value;
}

describe("moving a resource from one state to another", () => {
  const source = {
    resources: [root("dev"), provider("dev", "a"), schedule("dev", "one", "a"), schedule("dev", "two", "a")],
  };

  it("makes it a resource of the other stack, under that stack's own provider", () => {
    const dest = { resources: [root("dev-2"), provider("dev-2", "b")] };
    const moved = move(source, dest, "two");
    assert.deepEqual(moved.dest.resources, [...dest.resources, schedule("dev-2", "two", "b")]);
    assert.deepEqual(moved.source.resources, source.resources.slice(0, 3));
  });

  it("brings root and provider along where the other stack is empty", () => {
    const moved = move(source, {}, "one");
    assert.deepEqual(moved.dest.resources, [root("dev-2"), provider("dev-2", "a"), schedule("dev-2", "one", "a")]);
  });

  it("leaves behind what it depended on", () => {
    const tied = schedule("dev", "tied", "a", {
      dependencies: ["urn:table"],
      propertyDependencies: { a: ["urn:table"] },
    });
    const moved = move({ resources: [root("dev"), provider("dev", "a"), tied] }, {}, "tied");
    assert.deepEqual(moved.dest.resources?.at(-1), schedule("dev-2", "tied", "a"));
  });

  it("does not move a secret, which only its own stack can read", () => {
    const secret = schedule("dev", "s", "a", { inputs: { "4dabf18193072939515e22adb298388d": "1b47" } });
    const urns = new Set([secret.urn]);
    assert.equal(moveState({ resources: [secret] }, {}, { urns, from: "dev", to: "dev-2" }).ok, false);
  });
});
