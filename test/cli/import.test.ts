import assert from "node:assert/strict";

import { parseStackFile } from "../../runtime/config/index.js";
import { Failure } from "../../runtime/ports/index.js";
import { cliFixture, type CliFixture, type Surroundings } from "./fixture.js";

const ACCOUNT = "111111111111";
const OTHER = "222222222222";
const REFUSED = new Failure({ code: "role-refused", message: "AWS refuses the role.", remedy: "Check its trust." });

/** The fixture's own clusters (pay and search, declared), and some that nobody has declared. */
function fixtureOf(surroundings: Surroundings = {}): CliFixture {
  const fixture = cliFixture(surroundings);
  const add = (name: string, tags: Readonly<Record<string, string>>, status = "ACTIVE") =>
    fixture.world.addCluster({ identity: { account: OTHER, region: "eu-west-1", name }, tags, status });
  add("web", { "curfew-schedule": "office" });
  add("api", { "curfew-schedule": "offise", team: "api" });
  add("plain", { team: "x" });
  add("odd", { "curfew-schedule": "a\nb: [" });
  add("db-critical", { "curfew-schedule": "office" });
  add("going", { "curfew-schedule": "office" }, "DELETING");
  return fixture;
}

const BOTH = ["--account", ACCOUNT, OTHER, "--region", "eu-west-1"];

describe("curfew import", () => {
  it("writes a catalogue in which only clusters stand whose tag names a declared schedule", async () => {
    const fixture = fixtureOf();
    const told = await fixture.curfew("import", "--stack", "dev", ...BOTH, "--out", "stacks/found.yaml");
    assert.equal(told.code, 0, told.err);
    const text = fixture.file("/project/stacks/found.yaml") ?? "";
    const raw = parseStackFile(text);
    assert.ok(raw.ok);
    assert.deepEqual(raw.value, {
      clusters: [{ name: "web", account: OTHER, region: "eu-west-1", schedule: "office" }],
    });
    assert.match(text, /^ {2}- \{ name: web, account: "222222222222", region: eu-west-1, schedule: office \}$/m);
    assert.match(
      text,
      /^# yaml-language-server: \$schema=curfew\.schema\.json\n# Written by curfew import at 2026-01-05T19:00:00Z\./,
    );
    assert.match(
      text,
      /^# +- \{ name: api, .*\} # names no schedule that is declared: "offise"; did you mean "office"\?$/m,
    );
    assert.match(text, /^# +- \{ name: plain, .*\} # has no tag curfew-schedule$/m);
    assert.match(text, /^# +- \{ name: odd, .*\} # names no schedule that is declared: "a b: \["$/m);
    assert.match(text, /^# +- \{ name: db-critical, .*\} # is excluded: runs the pager$/m);
    assert.match(text, /^# +- \{ name: going, .*\} # is being deleted$/m);
    assert.match(text, /^# Left out, because declared already: 2$/m);
    assert.doesNotMatch(text, /name: (pay|search)/);
    assert.match(told.err, /with a schedule: 1, to review: 5, declared already: 2\nstacks\/found\.yaml is written/);
    assert.equal(fixture.changes(), 0);
  });

  it("gives a catalogue that `validate` takes beside the stack", async () => {
    const stack =
      "config:\n  curfew:catalogue: found.yaml\n  curfew:schedules: { office: { timezone: UTC, awake: never } }\n";
    const { curfew } = fixtureOf({ files: { "/project/stacks/Pulumi.prod.yaml": stack } });
    assert.equal((await curfew("import", ...BOTH, "--out", "found.yaml", "--schedule-tag", "team")).code, 0);
    const told = await curfew("validate", "--stack", "prod");
    assert.match(told.out, /no schedule is called "(api|x)"/);
    assert.equal((await curfew("import", "--stack", "dev", ...BOTH, "--out", "found.yaml", "--force")).code, 0);
    const valid = await curfew("validate", "--stack", "prod");
    assert.deepEqual([valid.code, valid.out], [0, "stacks/Pulumi.prod.yaml: no problems; clusters: 1, schedules: 1\n"]);
  });

  it("without a config takes the tag's word for a schedule, and says which must be declared", async () => {
    const told = await fixtureOf().curfew("import", "--account", OTHER, "--region", "eu-west-1");
    assert.equal(told.code, 0);
    assert.match(
      told.out,
      /^# No config was given to check against\. These schedules must be declared: a b: \[, office, offise$/m,
    );
    assert.match(told.out, /^ {2}- \{ name: api, .*schedule: offise \}$/m);
    const raw = parseStackFile(told.out);
    assert.ok(raw.ok);
    assert.equal((raw.value["clusters"] as readonly unknown[]).length, 4);
  });

  it("says what it found as one document", async () => {
    const { curfew, file } = fixtureOf();
    const told = await curfew("import", "--stack", "dev", "--account", OTHER, "--region", "eu-west-1", "--json");
    const document = told.json() as { clusters: object[]; review: object[]; file: unknown };
    assert.deepEqual(document.clusters, [{ cluster: "web", account: OTHER, region: "eu-west-1", schedule: "office" }]);
    assert.deepEqual(document.review[0], {
      cluster: "api",
      account: OTHER,
      region: "eu-west-1",
      reason: 'names no schedule that is declared: "offise"; did you mean "office"?',
    });
    assert.deepEqual(Object.keys(document), ["clusters", "review", "declared", "unread", "file"]);
    assert.equal(document.file, null);
    assert.equal(file("/project/null"), undefined);
  });

  it("goes on where an account cannot be looked at, says so in the file, and exits 4", async () => {
    const unreadable = new Map([[`${ACCOUNT}/eu-west-1`, REFUSED]]);
    const fixture = fixtureOf({ unreadable });
    const told = await fixture.curfew("import", "--stack", "dev", ...BOTH, "--out", "found.yaml", "--json");
    assert.equal(told.code, 4);
    assert.deepEqual((told.json() as { unread: unknown }).unread, [
      {
        account: ACCOUNT,
        region: "eu-west-1",
        failure: { code: "role-refused", message: "AWS refuses the role.", remedy: "Check its trust." },
      },
    ]);
    const text = fixture.file("/project/found.yaml") ?? "";
    assert.match(text, /^# +111111111111 eu-west-1: \[role-refused\] AWS refuses the role\.$/m);
    assert.match(text, /name: web/);
    assert.match(told.err, /^111111111111 eu-west-1: \[role-refused\] .* Check its trust\.$/m);
  });

  it("writes nothing and exits 1 where no account can be looked at", async () => {
    const unreadable = new Map([[`${OTHER}/eu-west-1`, REFUSED]]);
    const fixture = fixtureOf({ unreadable });
    const told = await fixture.curfew("import", "--account", OTHER, "--region", "eu-west-1", "--out", "found.yaml");
    assert.deepEqual([told.code, told.out, fixture.file("/project/found.yaml")], [1, "", undefined]);
    assert.match(told.err, /not looked at: 1 of 1/);
  });

  it("replaces no file unless told to, and looks before it asks AWS", async () => {
    const fixture = fixtureOf({ files: { "/project/found.yaml": "mine" } });
    const told = await fixture.curfew("import", ...BOTH, "--out", "found.yaml");
    assert.equal(told.code, 2);
    assert.match(told.err, /found\.yaml is there already: name another file, or replace it with --force/);
    assert.deepEqual([fixture.file("/project/found.yaml"), fixture.opened.length], ["mine", 0]);
  });

  it("replaces no file that came while it looked", async () => {
    const fixture = fixtureOf();
    const ends = fixture.curfew("import", ...BOTH, "--out", "found.yaml");
    fixture.write("/project/found.yaml", "mine");
    const told = await ends;
    assert.deepEqual([told.code, fixture.file("/project/found.yaml")], [2, "mine"]);
    assert.match(told.err, /found\.yaml cannot be written: /);
  });

  it("never writes over the config that it left the declared clusters out for", async () => {
    const fixture = fixtureOf();
    const path = "stacks/Pulumi.dev.yaml";
    const told = await fixture.curfew("import", "--stack", "dev", ...BOTH, "--out", path, "--force");
    assert.equal(told.code, 2);
    assert.match(told.err, /Pulumi\.dev\.yaml is a part of the config itself/);
    assert.match(fixture.file(`/project/${path}`) ?? "", /name: pay/);
  });

  it("keeps no state, and names a role of its own in every entry", async () => {
    const { curfew, opened } = fixtureOf();
    const told = await curfew(
      "import",
      "--account",
      OTHER,
      "--region",
      "eu-west-1",
      "--role",
      "ops",
      "--external-id",
      "e-1",
    );
    assert.match(told.out, /name: web, .*schedule: office, role: ops, externalId: "e-1" \}/);
    assert.equal(opened[0]?.environment["CURFEW_STATE"], ":memory:");
  });

  const wrong: readonly [what: string, args: readonly string[], message: RegExp][] = [
    ["no account", ["--region", "eu-west-1"], /--account/],
    ["an account that is none", ["--account", "12", "--region", "eu-west-1"], /twelve digits/],
    ["a Region that is none", ["--account", OTHER, "--region", "Ireland"], /a Region such as eu-west-1/],
    ["a role that is none", [...BOTH, "--role", "a b"], /role: must be a role's name/],
    [
      "a role of one account for two",
      [...BOTH, "--role", `arn:aws:iam::${OTHER}:role/ops`],
      /role: must be a role of the cluster's own account, not of 222222222222/,
    ],
  ];
  for (const [what, args, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const told = await fixtureOf().curfew("import", ...args);
      assert.equal(told.code, 2);
      assert.match(told.err, message);
    });
  }

  it("looks at nothing more after a stop", async () => {
    const told = await fixtureOf({ signal: AbortSignal.abort() }).curfew("import", ...BOTH, "--json");
    assert.equal(told.code, 1);
    const { unread } = told.json() as { unread: readonly { failure: { code: string } }[] };
    assert.deepEqual(
      unread.map(({ failure }) => failure.code),
      ["cancelled", "cancelled"],
    );
  });
});
