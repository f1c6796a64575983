import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import { declareClusters } from "../../stacks/clusters.js";
import { readFleet } from "../../stacks/fleet.js";
import { ofType, recordStack, theOne, type Registered } from "../components/record-stack.js";

const SCHEDULE = "pulumi-nodejs:dynamic/curfew:ClusterSchedule";
const TABLE = "aws:dynamodb/table:Table";
const SPOKES = {
  organizationId: "o-a1b2c3d4e5",
  organizationalUnits: ["ou-ab12-c3d4e5f6"],
  roleName: "sleeper",
};

/** What the stack's program registers for a hub and one cluster. */
async function stackWith(
  stack: string,
  hub: object,
  made?: (type: string) => Promise<void>,
): Promise<readonly Registered[]> {
  const config = {
    "curfew:schedules": JSON.stringify({ office: { timezone: "UTC", awake: "always" } }),
    "curfew:clusters": JSON.stringify([
      { name: "pay", account: "111111111111", region: "eu-west-1", schedule: "office" },
    ]),
    "curfew:hub": JSON.stringify({ region: "eu-west-1", ...hub }),
  };
  const fleet = await readFleet(config, {}, () => Promise.reject(new Error("no files")));
  const { declareHub } = await import("../../stacks/hub.js");
  const program = () => void declareClusters(fleet, declareHub(fleet.hub!).table);
  return recordStack(stack, program, made);
}

describe("a stack with a hub", function () {
  // Loading the AWS package takes its time on a busy computer.
  this.timeout(120_000);

  it("registers its clusters in the hub's table, and leaves their states to the hub", async () => {
    const registered = await stackWith("hub", {});
    const { statePath, declaration } = theOne(registered, SCHEDULE, "pay");
    assert.equal(statePath, "dynamodb://eu-west-1/curfew-fleet?shards=16");
    assert.equal((JSON.parse(String(declaration)) as { readonly converge?: boolean }).converge, false);
    assert.equal(ofType(registered, TABLE).length, 1);
    assert.equal(ofType(registered, "aws:cloudformation/stackSet:StackSet").length, 0);
  });

  it("makes the table before a schedule, which is deleted before the table", async () => {
    // The table takes its time: a schedule that did not wait for it would be there first.
    const registered = await stackWith("order", {}, (type) => (type === TABLE ? setTimeout(300) : Promise.resolve()));
    const order = registered.map(({ type }) => type);
    assert.ok(order.indexOf(TABLE) < order.indexOf(SCHEDULE));
  });

  it("rolls the spoke role out under its name, and assumes that one", async () => {
    const registered = await stackWith("spokes", { spokes: SPOKES, prefix: "night" });
    const stackSet = theOne(registered, "aws:cloudformation/stackSet:StackSet", "night-spokes");
    assert.match(String(stackSet["templateBody"]), /"RoleName":"sleeper"/);
    assert.match(String(stackSet["templateBody"]), /role\/night-worker-eu-west-1"/);
    const policy = theOne(registered, "aws:iam/rolePolicy:RolePolicy", "night-worker-eu-west-1")["policy"];
    assert.match(String(policy), /arn:aws:iam::\*:role\/sleeper/);
  });
});
