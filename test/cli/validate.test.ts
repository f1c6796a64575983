import assert from "node:assert/strict";

import { readFile } from "node:fs/promises";

import { packagePath } from "../lab/package-path.js";
import { cliFixture } from "./fixture.js";

const BROKEN = `
config:
  aws:region: eu-west-1
  curfew:schedules:
    office: { timezone: Mars/Olympus, awake: ["Mon-Fri 07:00-19:00"] }
  curfew:clusters:
    - { name: pay, account: "12", region: eu-west-1, schedule: offise }
`;

const BROKEN_PROBLEMS = [
  { path: "schedules.office.timezone", message: /zone/ },
  { path: "clusters[0].account", message: /twelve digits/ },
  { path: "clusters[0].schedule", message: /office/ },
];

describe("curfew validate", () => {
  it("says that all is well, and opens no state", async () => {
    const { curfew, opened } = cliFixture();
    const told = await curfew("validate", "--stack", "dev");
    assert.deepEqual([told.code, told.out], [0, "stacks/Pulumi.dev.yaml: no problems; clusters: 3, schedules: 1\n"]);
    assert.deepEqual((await curfew("validate", "--stack", "dev", "--json")).out, '{"problems":[]}\n');
    assert.deepEqual(opened, []);
  });

  it("lists every problem at once as one document of paths and messages, and exits 2", async () => {
    const { curfew } = cliFixture({ files: { "/project/broken.yaml": BROKEN } });
    const told = await curfew("validate", "--config", "broken.yaml", "--json");
    assert.equal(told.code, 2);
    const document = told.json() as { problems: { path: string; message: string }[] };
    assert.deepEqual(Object.keys(document), ["problems"]);
    assert.deepEqual(
      document.problems.map(({ path }) => path),
      BROKEN_PROBLEMS.map(({ path }) => path),
    );
    for (const [index, { message }] of BROKEN_PROBLEMS.entries()) {
      assert.deepEqual(Object.keys(document.problems[index]!), ["path", "message"]);
      assert.match(document.problems[index]!.message, message);
    }
  });

  it("lists them for people as path: message", async () => {
    const { curfew } = cliFixture({ files: { "/project/broken.yaml": BROKEN } });
    const told = await curfew("validate", "--config", "broken.yaml");
    assert.equal(told.code, 2);
    assert.equal(told.out.trimEnd().split("\n").length, 3);
    assert.match(told.out, /^clusters\[0\]\.account: must be twelve digits/m);
  });

  it("names a file that is not there, and one that is not YAML", async () => {
    const { curfew } = cliFixture({ files: { "/project/bad.yaml": "config: [" } });
    const missing = await curfew("validate", "--stack", "prod", "--json");
    assert.deepEqual(
      [missing.code, missing.json()],
      [2, { problems: [{ path: "stacks/Pulumi.prod.yaml", message: "cannot be read: is there such a file?" }] }],
    );
    const bad = await curfew("validate", "--config", "bad.yaml");
    assert.equal(bad.code, 2);
    assert.match(bad.out, /is not YAML/);
  });

  it("takes JSON, and the form of a catalogue", async () => {
    const cluster = { name: "pay", account: "111111111111", region: "eu-west-1", schedule: "office" };
    const sections = { schedules: { office: { timezone: "UTC", awake: "always" } }, clusters: [cluster] };
    const stack = { config: { "curfew:schedules": sections.schedules, "curfew:clusters": sections.clusters } };
    const files = { "/project/a.json": JSON.stringify(stack), "/project/b.json": JSON.stringify(sections) };
    const { curfew } = cliFixture({ files });
    for (const file of ["a.json", "b.json"]) {
      const told = await curfew("validate", "--config", file);
      assert.deepEqual([told.code, told.out], [0, `${file}: no problems; clusters: 1, schedules: 1\n`]);
    }
  });

  it("refuses a stack that is too large for Pulumi, and takes the same as a catalogue", async () => {
    const schedules = "schedules: { office: { timezone: UTC, awake: always } }";
    const clusters = Array.from(
      { length: 1200 },
      (_, index) => `{ name: c${index}, account: "111111111111", region: eu-west-1, schedule: office }`,
    ).join(", ");
    const stack = `config:\n  curfew:${schedules}\n  curfew:clusters: [${clusters}]\n`;
    const small = "config:\n  curfew:catalogue: fleet/all.yaml\n";
    const files = {
      "/project/stacks/Pulumi.big.yaml": stack,
      "/project/stacks/Pulumi.small.yaml": small,
      "/project/fleet/all.yaml": `${schedules}\nclusters: [${clusters}]\n`,
    };
    const { curfew } = cliFixture({ files });
    const refused = await curfew("validate", "--stack", "big");
    assert.equal(refused.code, 2);
    assert.match(refused.out, /^clusters: .*catalogue file/);
    assert.equal((await curfew("validate", "--stack", "small")).code, 0);
    assert.equal((await curfew("validate", "--config", "fleet/all.yaml")).code, 0);
    assert.equal((await curfew("preview", "--stack", "big")).code, 0);
  });

  it("finds no fault with the worked examples", async () => {
    const paths = ["dev", "staging", "production"].map((name) => `stacks/Pulumi.${name}.yaml`);
    const more = ["stacks/catalogue.production.yaml", "stacks/calendars/nsw.ics"];
    const texts = [...paths, ...more].map(
      async (path) => [`/project/${path}`, await readFile(packagePath(path), "utf8")] as const,
    );
    const { curfew } = cliFixture({ files: Object.fromEntries(await Promise.all(texts)) });
    for (const [index, clusters] of [4, 5, 10].entries()) {
      const told = await curfew("validate", "--config", paths[index]!);
      assert.deepEqual(
        [told.code, told.out],
        [0, `${paths[index]!}: no problems; clusters: ${clusters}, schedules: 2\n`],
      );
    }
  });
});
