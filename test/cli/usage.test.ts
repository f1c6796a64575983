import assert from "node:assert/strict";

import { cliFixture } from "./fixture.js";

const COMMANDS = [
  ...["validate", "preview", "status", "hibernate", "wake", "hold", "release"],
  ...["report", "history", "why", "doctor"],
  ...["fleet", "redrive"],
];

describe("the command line", () => {
  it("documents every command with an example and the exit codes", async () => {
    const { curfew } = cliFixture();
    const whole = await curfew("--help");
    for (const command of COMMANDS) {
      const { code, out } = await curfew(command, "--help");
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Example:\n +curfew ${command} `));
      assert.match(out, /Exit codes:[^]*3 {2}blocked[^]*4 {2}partial/);
      assert.match(whole.out, new RegExp(`^ +${command}\\b`, "m"));
    }
  });

  it("tells its version", async () => {
    const told = await cliFixture().curfew("--version");
    assert.equal(told.code, 0);
    assert.match(told.out, /^\d+\.\d+\.\d+\n$/);
  });

  it("shows its help and exits 2 when no command is given", async () => {
    const told = await cliFixture().curfew();
    assert.equal(told.code, 2);
    assert.match(told.err, /^Usage: curfew/);
  });

  const refused: readonly [what: string, argv: readonly string[], says: RegExp][] = [
    ["an unknown command", ["sleep"], /unknown command 'sleep'/],
    ["an unknown option", ["status", "--stack", "dev", "--verbose"], /unknown option '--verbose'/],
    ["no place of declaration", ["status"], /--stack NAME or --config FILE/],
    ["two places of declaration", ["status", "--stack", "dev", "--config", "x.yaml"], /in one way/],
    ["no cluster", ["hibernate", "--stack", "dev"], /--all or --tag/],
    ["an examination of no cluster", ["doctor", "--stack", "dev"], /--all or --tag/],
    ["names and all", ["wake", "pay", "--all", "--stack", "dev"], /either names or --all/],
    ["a dry run of a verification", ["wake", "pay", "--stack", "dev", "--dry-run", "--verify"], /cannot be used with/],
    ["no number", ["wake", "pay", "--stack", "dev", "--parallel", "0"], /whole number from 1/],
    ["forgetting without sizes", ["wake", "pay", "--stack", "dev", "--forget"], /--min-nodes N/],
    ["an unknown format", ["report", "--stack", "dev", "-o", "xml"], /Allowed choices are table, json, csv, markdown/],
    ["the newest run of several clusters", ["report", "--stack", "dev", "--last"], /name it/],
    [
      "a beginning that is no time",
      ["report", "--stack", "dev", "--since", "yesterday"],
      /Write 24h, 7d, or an instant/,
    ],
    ["a beginning without zone", ["history", "pay", "--stack", "dev", "--since", "2026-01-05"], /says no zone/],
    ["a history of no cluster", ["history", "--stack", "dev"], /missing required argument 'cluster'/],
    ["a question about two clusters", ["why", "pay", "search", "--stack", "dev"], /too many arguments/],
    ["a hold without reason", ["hold", "pay", "--stack", "dev", "--state", "running", "--until", "+1h"], /--reason/],
  ];
  for (const [what, argv, says] of refused) {
    it(`refuses ${what} with 2, for people and as JSON`, async () => {
      const { curfew, opened } = cliFixture();
      const told = await curfew(...argv);
      assert.deepEqual([told.code, told.out], [2, ""]);
      assert.match(told.err, says);
      const { error } = (await curfew(...argv, "--json")).json() as { error: Record<string, string> };
      assert.deepEqual([Object.keys(error), error["code"]], [["code", "message", "remedy"], "usage"]);
      assert.match(error["message"] ?? "", says);
      assert.match(error["remedy"] ?? "", /--help/);
      assert.deepEqual(opened, []);
    });
  }

  it("refuses a cluster that is not declared, and names the closest", async () => {
    const told = await cliFixture().curfew("hibernate", "serch", "--stack", "dev", "--json");
    assert.equal(told.code, 2);
    const { error } = told.json() as { error: { code: string; message: string } };
    assert.equal(error.code, "cluster-unknown");
    assert.match(error.message, /did you mean "search"/);
  });

  it("lists all problems of the config before it touches anything", async () => {
    const { curfew, opened } = cliFixture({ files: { "/project/bad.yaml": "clusters: [{}]\nstaet: x\n" } });
    const told = await curfew("hibernate", "--all", "--config", "bad.yaml", "--json");
    assert.equal(told.code, 2);
    const { error, problems } = told.json() as { error: { code: string }; problems: { path: string }[] };
    assert.equal(error.code, "config-invalid");
    assert.ok(problems.some(({ path }) => path === "staet"));
    assert.ok(problems.some(({ path }) => path === "clusters[0].name"));
    assert.deepEqual(opened, []);
  });
});

describe("where clusters are declared", () => {
  it("is asked of the environment when no option says it; an option wins", async () => {
    const byStack = cliFixture({ environment: { CURFEW_STACK: "dev" } });
    assert.equal((await byStack.curfew("validate")).code, 0);
    const byFile = cliFixture({ environment: { CURFEW_CONFIG: "nowhere.yaml" } });
    assert.equal((await byFile.curfew("validate")).code, 2);
    assert.equal((await byFile.curfew("validate", "--stack", "dev")).code, 0);
    const both = cliFixture({ environment: { CURFEW_STACK: "dev", CURFEW_CONFIG: "nowhere.yaml" } });
    assert.match((await both.curfew("validate")).err, /in one way/);
    const empty = cliFixture({ environment: { CURFEW_STACK: "dev", CURFEW_CONFIG: "" } });
    assert.equal((await empty.curfew("validate")).code, 0);
  });

  it("is looked for in the project that the folder belongs to", async () => {
    assert.equal((await cliFixture({ cwd: "/project/stacks/deep" }).curfew("validate", "--stack", "dev")).code, 0);
    const lost = await cliFixture({ cwd: "/elsewhere" }).curfew("validate", "--stack", "dev");
    assert.equal(lost.code, 2);
    assert.match(lost.err, /has a Pulumi\.yaml/);
  });

  it("is beside Pulumi.yaml unless stackConfigDir says otherwise", async () => {
    const files = { "/other/Pulumi.yaml": "name: other", "/other/Pulumi.a.yaml": "config: {}" };
    assert.equal((await cliFixture({ files, cwd: "/other" }).curfew("validate", "--stack", "a")).code, 0);
  });

  it("has files relative to the project's folder, or to its own outside of one", async () => {
    const event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT";
    const ical = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\n${event}\r\nEND:VCALENDAR\r\n`;
    const config =
      "schedules: { day: { timezone: UTC, awake: always, holidays: [c] } }\ncalendars: { c: { ical: cal/c.ics } }\n";
    const files = {
      "/project/deep/fleet.yaml": config,
      "/project/cal/c.ics": ical,
      "/alone/fleet.yaml": config,
      "/alone/cal/c.ics": ical,
      "/bare/fleet.yaml": config,
    };
    const { curfew } = cliFixture({ files });
    assert.equal((await curfew("validate", "--config", "deep/fleet.yaml")).code, 0);
    assert.equal((await curfew("validate", "--config", "/alone/fleet.yaml")).code, 0);
    assert.match((await curfew("validate", "--config", "/bare/fleet.yaml")).out, /cannot be read/);
  });

  const states: readonly [what: string, environment: Record<string, string>, config: string, path: string][] = [
    ["the default, in the project", {}, "{}", "/project/.curfew/state.db"],
    ["what config says, in the project", {}, "state: data/s.db", "/project/data/s.db"],
    ["what config says, absolute", {}, "state: /var/s.db", "/var/s.db"],
    ["what the environment says", { CURFEW_STATE: "e.db" }, "state: data/s.db", "/project/e.db"],
    ["nothing that stays", { CURFEW_STATE: ":memory:" }, "state: data/s.db", ":memory:"],
  ];
  for (const [what, environment, config, path] of states) {
    it(`keeps state in ${what}`, async () => {
      const files = { "/project/fleet.yaml": config };
      const { curfew, opened } = cliFixture({ files, environment, cwd: "/project/stacks" });
      await curfew("status", "--config", "../fleet.yaml");
      assert.deepEqual(
        opened.map((options) => [options.statePath, options.environment["CURFEW_STATE"]]),
        [[path, path]],
      );
    });
  }
});
