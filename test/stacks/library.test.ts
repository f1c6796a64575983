import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import type * as Library from "../../stacks/library.js";

type Inputs = Readonly<Record<string, unknown>>;

const OFFICE = { name: "office", timezone: "Europe/Berlin", awake: ["Mon-Fri 07:00-19:00"] };
const PAY = { name: "pay", account: "111111111111", region: "eu-west-1" };

/** What a RunError says; fails the test when nothing is thrown. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), String(error));
    return error.message;
  }
  return assert.fail("it should have been refused");
}

describe("the library for other Pulumi programs", () => {
  let library: typeof Library;
  let declared: Map<string, Inputs>;

  const declarationOf = (name: string) => JSON.parse(String(declared.get(name)?.["declaration"])) as Inputs;

  before(async () => {
    declared = new Map();
    // Mocks must be there before a module that creates resources is loaded.
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => {
        const { __provider: _, ...rest } = inputs as Inputs;
        declared.set(name, rest);
        return { id: name, state: rest };
      },
      call: () => ({}),
    });
    library = await import("../../stacks/library.js");
  });
  beforeEach(() => declared.clear());

  it("schedules a cluster that another resource names, with a role that a third one makes", async () => {
    const { urn } = library.scheduleCluster("payments", {
      name: pulumi.output("pay"),
      account: "111111111111",
      region: pulumi.output("eu-west-1"),
      role: pulumi.output("arn:aws:iam::111111111111:role/sleeper"),
      schedule: OFFICE,
      tags: { team: "payments" },
      state: "team.db",
    });
    await new Promise((resolve) => urn.apply(resolve));
    const { declaration: _, ...others } = declared.get("payments") ?? {};
    assert.deepEqual(others, {
      cluster: "pay",
      account: "111111111111",
      region: "eu-west-1",
      schedule: "office",
      statePath: "team.db",
    });
    const { id, roleArn, tags } = declarationOf("payments");
    assert.equal(id, "111111111111/eu-west-1/pay");
    assert.equal(roleArn, "arn:aws:iam::111111111111:role/sleeper");
    assert.deepEqual(tags, { team: "payments" });
  });

  it("calls a schedule without a name as the resource", async () => {
    const { urn } = library.scheduleCluster("payments", { ...PAY, schedule: { timezone: "UTC", awake: "always" } });
    await new Promise((resolve) => urn.apply(resolve));
    assert.equal(declared.get("payments")?.["schedule"], "payments");
  });

  it("refuses one cluster with all that is wrong, in the words of its arguments", () => {
    const text = refusalOf(() =>
      library.scheduleCluster("payments", {
        ...PAY,
        account: "1",
        schedule: { name: "a.b", timezone: "Mars/Olympus", awake: ["Mon-Fri"] },
        settings: { drain: { timeoutSeconds: 0 } },
      }),
    );
    const places = text
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(" ")[0]);
    assert.deepEqual(places.toSorted(), [
      "account",
      "schedule.awake[0]",
      "schedule.timezone",
      "settings.drain.timeoutSeconds",
    ]);
  });

  it("checks what is known although the cluster is not there yet", () => {
    const name = pulumi.output(new Promise<string>(() => undefined));
    const text = refusalOf(() =>
      library.scheduleCluster("payments", { ...PAY, name, schedule: { timezone: "Mars/Olympus", awake: "always" } }),
    );
    assert.match(text, /schedule\.timezone/);
  });

  it("schedules a fleet by defaults and profiles, and leaves out what is excluded", async () => {
    const rows = library.scheduleClusters({
      schedules: { office: { timezone: "UTC", awake: "always" } },
      defaults: { account: "111111111111", schedule: "office" },
      profiles: { ireland: { region: "eu-west-1" } },
      exclusions: [{ cluster: "*-critical", reason: "runs the pager" }],
      clusters: [
        { name: "shop", profile: "ireland" },
        { name: "ads", region: "us-east-1", schedule: "office" },
      ],
    });
    await new Promise((resolve) => pulumi.all(rows.map(({ state }) => state)).apply(resolve));
    assert.deepEqual(
      rows.map(({ cluster, region }) => [cluster, region]),
      [
        ["shop", "eu-west-1"],
        ["ads", "us-east-1"],
      ],
    );
    assert.deepEqual([...declared.keys()], ["shop", "ads"]);
  });

  it("refuses a fleet with every problem, in the places of a stack file", () => {
    const text = refusalOf(() =>
      library.scheduleClusters({
        schedules: { office: { timezone: "UTC", awake: "always" } },
        calendars: { bank: { ical: "no/such/file.ics" } },
        clusters: [
          { ...PAY, schedule: "offcie" },
          { ...PAY, schedule: "office" },
        ],
      }),
    );
    assert.match(text, /\n {2}clusters\[0\]\.schedule no schedule is called "offcie": did you mean "office"\?/);
    assert.match(text, /\n {2}clusters\[1\] is the same cluster as clusters\[0\]/);
    assert.match(text, /\n {2}calendars\.bank\.ical names a file that cannot be read/);
  });
});
