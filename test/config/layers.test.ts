import assert from "node:assert/strict";

import { config, fleetOf, OFFICE, parse, PAYMENTS, problemsOf } from "./declared.js";

const ONE_LINE = {
  defaults: { region: "ap-southeast-2", tags: { env: "dev", owner: "platform" }, settings: { leaseSeconds: 100 } },
  profiles: {
    office: {
      account: "222222222222",
      schedule: "office",
      tags: { owner: "payments" },
      settings: { drain: { maxNodes: 7, timeoutSeconds: 100 } },
      costPerHour: 12.5,
    },
    "left-alone": { account: "333333333333", onDelete: "leave", converge: false },
  },
  clusters: [{ name: "payments-dev", profile: "office" }],
};

describe("defaults and profiles", () => {
  it("let a cluster be one line", () => {
    const [cluster] = fleetOf(config(ONE_LINE)).clusters;
    assert.equal(cluster?.id, "222222222222/ap-southeast-2/payments-dev");
    assert.equal(cluster.scheduleName, "office");
    assert.deepEqual(cluster.access, { roleArn: "arn:aws:iam::222222222222:role/curfew-spoke" });
    assert.equal(cluster.costPerHour, 12.5);
  });

  it("lie below the entry: tags and settings are merged key by key, the rest is replaced", () => {
    const own = {
      name: "a",
      profile: "office",
      region: "eu-west-1",
      tags: { team: "pay" },
      settings: { drain: { timeoutSeconds: 200 } },
      costPerHour: 3,
    };
    const [cluster] = fleetOf(config({ ...ONE_LINE, clusters: [own] })).clusters;
    assert.equal(cluster?.identity.region, "eu-west-1");
    assert.deepEqual(cluster.tags, { env: "dev", owner: "payments", team: "pay" });
    assert.deepEqual(
      [cluster.settings.leaseSeconds, cluster.settings.drain.maxNodes, cluster.settings.drain.timeoutSeconds],
      [100, 7, 200],
    );
    assert.equal(cluster.costPerHour, 3);
  });

  it("give nothing to a cluster that says everything itself, and no cost to one of which nobody said it", () => {
    const [cluster] = fleetOf(config({ ...ONE_LINE, defaults: null, clusters: [PAYMENTS] })).clusters;
    assert.deepEqual(cluster?.tags, {});
    assert.equal(cluster.costPerHour, null);
  });

  it("say what happens to clusters on deletion and on `pulumi up`", () => {
    const clusters = [{ name: "a", profile: "left-alone", schedule: "office" }];
    const [cluster] = fleetOf(config({ ...ONE_LINE, clusters })).clusters;
    assert.deepEqual([cluster?.onDelete, cluster?.converge], ["leave", false]);
  });

  it("may stand in the catalogue, for clusters of the stack too", () => {
    const catalogue = "profiles: { night: { account: '444444444444', region: eu-west-1, schedule: office } }";
    const raw = config({ catalogue: "fleet.yaml", clusters: [{ name: "a", profile: "night" }] });
    const [cluster] = fleetOf(raw, { files: { "fleet.yaml": catalogue } }).clusters;
    assert.equal(cluster?.id, "444444444444/eu-west-1/a");
  });

  it("may give a schedule to clusters of which an exclusion takes one out", () => {
    const raw = config({
      ...ONE_LINE,
      clusters: [
        { name: "a", profile: "office" },
        { name: "b", profile: "office" },
      ],
      exclusions: [{ cluster: "b", reason: "demo" }],
    });
    assert.deepEqual(
      fleetOf(raw).clusters.map(({ scheduleName }) => scheduleName),
      ["office", null],
    );
  });

  it("are seen by exclusions with their tags", () => {
    const raw = config({ ...ONE_LINE, exclusions: [{ tags: { owner: "payments" }, reason: "demo" }] });
    assert.equal(fleetOf(raw).clusters[0]?.exclusion?.reason, "demo");
  });

  const clusters = ["a", "b", "c"].map((name) => ({ name, profile: "office" }));
  const refused: readonly [what: string, changes: Readonly<Record<string, unknown>>, problems: readonly string[]][] = [
    [
      "a profile's own faults, once, however many clusters have it",
      {
        profiles: { office: { region: "eu-west-1", account: 2, schedule: "offise", onDelete: "keep", colour: "red" } },
        clusters,
      },
      [
        'profiles.office.account: must be twelve digits in quotes, because YAML reads them as a number and drops leading zeros: write "000000000002"',
        'profiles.office.onDelete: must be one of wake, leave, not "keep"',
        "profiles.office.colour: is not a known key: there are account, region, schedule, role, externalId, reach, tags and 4 more",
        'profiles.office.schedule: no schedule is called "offise": did you mean "office"?',
      ],
    ],
    [
      "the faults of a profile that no cluster has, and of defaults",
      {
        defaults: { region: "Sydney", converge: "hub", name: "a" },
        profiles: { unused: { costPerHour: 0 }, none: null },
        clusters: [],
      },
      [
        "defaults.region: must be an AWS Region such as ap-southeast-2",
        "defaults.name: is not a known key: there are account, region, schedule, role, externalId, reach, tags and 4 more",
        "defaults.converge: needs a hub: declare one under hub, or leave this out",
        "profiles.unused.costPerHour: must be US dollars an hour, more than 0",
        "profiles.none: must be a map of a cluster's fields",
      ],
    ],
    [
      "a profile that is not there, without guessing what the entry lacks",
      { profiles: ONE_LINE.profiles, clusters: [{ name: "a", profile: "offise" }] },
      ['clusters[0].profile: no profile is called "offise": did you mean "office"?'],
    ],
    [
      "what neither entry nor layers say, at the entry",
      { defaults: { tags: { a: "b" } }, clusters: [{ name: "a" }] },
      [
        'clusters[0].account: is required: twelve digits in quotes, such as "222222222222"',
        "clusters[0].region: is required: an AWS Region such as ap-southeast-2",
        "clusters[0].schedule: is required: name one of office, or exclude the cluster",
      ],
    ],
    [
      "a role of another account at the profile that names it, once",
      {
        profiles: { office: { ...ONE_LINE.profiles.office, role: "arn:aws:iam::999999999999:role/ops" } },
        defaults: ONE_LINE.defaults,
        clusters,
      },
      [
        "profiles.office.role: must be a role of the cluster's own account, not of 999999999999: a name alone always is",
      ],
    ],
    [
      "one cluster twice, also when the profile says where it is",
      { ...ONE_LINE, clusters: [clusters[0], { ...PAYMENTS, name: "a" }] },
      ["clusters[1]: is the same cluster as clusters[0] (222222222222/ap-southeast-2/a): keep one of them"],
    ],
  ];
  for (const [what, changes, problems] of refused) {
    it(`are refused for ${what}`, () =>
      assert.deepEqual(problemsOf(parse({ schedules: { office: OFFICE }, ...changes })), problems));
  }
});
