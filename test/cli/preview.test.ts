import assert from "node:assert/strict";

import { cliFixture, type Surroundings } from "./fixture.js";

/** Berlin's gap is on 29 March 2026, Sydney's clocks go back on 5 April. */
const TWO_ZONES = `
schedules:
  weekend-berlin: { timezone: Europe/Berlin, awake: ["Sat,Sun 02:30-12:00"] }
  office-sydney: { timezone: Australia/Sydney, awake: ["Mon-Fri 07:00-19:00"] }
clusters:
  - { name: harbour, account: "222222222222", region: ap-southeast-2, schedule: office-sydney }
  - { name: spree, account: "111111111111", region: eu-central-1, schedule: weekend-berlin }
`;

const HARBOUR = { cluster: "harbour", account: "222222222222", region: "ap-southeast-2" };
const SPREE = { cluster: "spree", account: "111111111111", region: "eu-central-1" };
const OPENS = { to: "running", rule: "window Sat,Sun 02:30-12:00" };
const CLOSES = { to: "hibernated", rule: "end of window Sat,Sun 02:30-12:00" };
const OFFICE_OPENS = { to: "running", rule: "window Mon-Fri 07:00-19:00" };
const OFFICE_CLOSES = { to: "hibernated", rule: "end of window Mon-Fri 07:00-19:00" };

function previewing(config: string, more: Surroundings = {}) {
  const { curfew, opened } = cliFixture({ ...more, files: { "/project/fleet.yaml": config } });
  return {
    opened,
    curfew,
    preview: (...argv: readonly string[]) => curfew("preview", "--config", "fleet.yaml", ...argv),
    between: async (from: string, to: string) =>
      (await curfew("preview", "--config", "fleet.yaml", "--from", from, "--to", to, "--json")).json(),
  };
}

describe("curfew preview", () => {
  it("lets what a spring gap skips happen right after it, in the one zone that has it", async () => {
    const { between, opened } = previewing(TWO_ZONES);
    assert.deepEqual(await between("2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"), {
      transitions: [
        { ...SPREE, at: "2026-03-28T01:30:00Z", ...OPENS },
        { ...SPREE, at: "2026-03-28T11:00:00Z", ...CLOSES },
        { ...SPREE, at: "2026-03-29T01:00:00Z", ...OPENS },
        { ...SPREE, at: "2026-03-29T10:00:00Z", ...CLOSES },
        { ...HARBOUR, at: "2026-03-29T20:00:00Z", ...OFFICE_OPENS },
        { ...HARBOUR, at: "2026-03-30T08:00:00Z", ...OFFICE_CLOSES },
      ],
    });
    assert.deepEqual(opened, []);
  });

  it("follows the clocks back in autumn, in the other zone", async () => {
    const { between } = previewing(TWO_ZONES);
    assert.deepEqual(await between("2026-04-02T12:00:00Z", "2026-04-06T12:00:00Z"), {
      transitions: [
        { ...HARBOUR, at: "2026-04-02T20:00:00Z", ...OFFICE_OPENS },
        { ...HARBOUR, at: "2026-04-03T08:00:00Z", ...OFFICE_CLOSES },
        { ...SPREE, at: "2026-04-04T00:30:00Z", ...OPENS },
        { ...SPREE, at: "2026-04-04T10:00:00Z", ...CLOSES },
        { ...SPREE, at: "2026-04-05T00:30:00Z", ...OPENS },
        { ...SPREE, at: "2026-04-05T10:00:00Z", ...CLOSES },
        { ...HARBOUR, at: "2026-04-05T21:00:00Z", ...OFFICE_OPENS },
        { ...HARBOUR, at: "2026-04-06T09:00:00Z", ...OFFICE_CLOSES },
      ],
    });
  });

  it("includes a change at its beginning and not one at its end", async () => {
    const { between } = previewing(TWO_ZONES);
    assert.deepEqual(await between("2026-03-29T01:00:00Z", "2026-03-29T10:00:00Z"), {
      transitions: [{ ...SPREE, at: "2026-03-29T01:00:00Z", ...OPENS }],
    });
  });

  it("sorts what happens at one instant by cluster, whatever the order of declaration", async () => {
    const clusters = ["zoo", "ant", "mid"].map(
      (name) => `  - { name: ${name}, account: "111111111111", region: eu-west-1, schedule: day }`,
    );
    const { preview } = previewing(
      `schedules: { day: { timezone: UTC, awake: ["07:00-19:00"] } }\nclusters:\n${clusters.join("\n")}\n`,
    );
    const told = await preview("--from", "2026-01-05T07:00:00Z", "--to", "2026-01-05T07:00:01Z");
    assert.deepEqual(told.out.match(/zoo|ant|mid/g), ["ant", "mid", "zoo"]);
  });

  it("shows the next seven days when nothing is said, and only of those that are chosen", async () => {
    const { preview } = previewing(TWO_ZONES);
    const { transitions } = (await preview("spree", "--json")).json() as {
      transitions: { at: string; cluster: string }[];
    };
    assert.deepEqual(
      transitions.map(({ at, cluster }) => [at, cluster]),
      [
        ["2026-01-10T01:30:00Z", "spree"],
        ["2026-01-10T11:00:00Z", "spree"],
        ["2026-01-11T01:30:00Z", "spree"],
        ["2026-01-11T11:00:00Z", "spree"],
      ],
    );
  });

  it("leaves excluded clusters out", async () => {
    const told = await cliFixture().curfew("preview", "--stack", "dev");
    assert.equal(told.code, 0);
    assert.match(told.out, /pay/);
    assert.doesNotMatch(told.out, /ledger/);
  });

  it("says so when nothing changes", async () => {
    const { preview } = previewing(TWO_ZONES);
    const told = await preview("--from", "2026-01-06T10:00:00+00:00", "--to", "2026-01-06T11:00:00+01:30");
    assert.equal(told.code, 2);
    const quiet = await preview("--from", "2026-01-06T10:00:00Z", "--to", "2026-01-06T10:00:01Z");
    assert.deepEqual(
      [quiet.code, quiet.out],
      [0, "Nothing changes from 2026-01-06T10:00:00Z to 2026-01-06T10:00:01Z.\n"],
    );
  });

  const refused: readonly [what: string, from: string, to: string, says: RegExp][] = [
    ["text that is no instant", "tomorrow", "2026-01-06T10:00:00Z", /Write an instant such as/],
    ["a day that does not exist", "2026-02-30T00:00:00Z", "2026-03-06T10:00:00Z", /Write an instant such as/],
    ["an instant without zone", "2026-01-06T10:00", "2026-01-07T10:00:00Z", /write 2026-01-06T10:00Z for UTC/],
    ["a date", "2026-01-06", "2026-01-07T10:00:00Z", /write 2026-01-06T00:00:00Z for UTC/],
    ["an end before its beginning", "2026-01-07T00:00:00Z", "2026-01-06T00:00:00Z", /is not before --to/],
    ["an end at its beginning", "2026-01-07T00:00:00Z", "2026-01-07T00:00:00Z", /is not before --to/],
  ];
  for (const [what, from, to, says] of refused) {
    it(`refuses ${what} with 2`, async () => {
      const { preview } = previewing(TWO_ZONES);
      const told = await preview("--from", from, "--to", to, "--json");
      assert.equal(told.code, 2);
      const { error } = told.json() as { error: { code: string; message: string } };
      assert.equal(error.code, "usage");
      assert.match(error.message, says);
    });
  }

  it("prints the problems of the config as validate does", async () => {
    const { preview, curfew } = previewing("schedules: { day: { timezone: UTC, awake: [] } }\n");
    const told = await preview("--json");
    assert.equal(told.code, 2);
    assert.deepEqual(told.json(), (await curfew("validate", "--config", "fleet.yaml", "--json")).json());
  });

  it("reckons with holds when asked to", async () => {
    const { curfew } = cliFixture();
    await curfew("hold", "pay", "--stack", "dev", "--state", "running", "--until", "+2h", "--reason", "test");
    const argv = ["preview", "pay", "--stack", "dev", "--json", "--to", "2026-01-06T00:00:00Z"];
    assert.deepEqual((await curfew(...argv)).json(), { transitions: [] });
    const rule = "end of window Mon-Fri 07:00-19:00";
    const place = { cluster: "pay", account: "111111111111", region: "eu-west-1" };
    assert.deepEqual((await curfew(...argv, "--holds")).json(), {
      transitions: [{ ...place, at: "2026-01-05T21:00:00Z", to: "hibernated", rule }],
    });
  });
});
