import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import Ajv from "ajv";
import { parse as parseYaml } from "yaml";

import { configJsonSchema, findApproval, gatherFiles, parseFleet, parseStackFile } from "../../runtime/config/index.js";
import type { Fleet } from "../../runtime/config/index.js";
import { packagePath } from "../lab/package-path.js";
import { valueOf } from "./declared.js";

const STACKS = ["dev", "staging", "production"].map((name) => `stacks/Pulumi.${name}.yaml`);
const FILES = [...STACKS, "stacks/catalogue.production.yaml"];

function read(path: string): Promise<string> {
  return readFile(packagePath(path), "utf8");
}

async function fleetOf(path: string): Promise<Fleet> {
  const raw = valueOf(parseStackFile(await read(path)));
  return valueOf(parseFleet(raw, { files: await gatherFiles(raw, read), environment: {} }));
}

describe("the worked examples", () => {
  for (const path of STACKS) {
    it(`${path} is without fault, and has clusters that sleep and one that never does`, async () => {
      const { clusters } = await fleetOf(path);
      assert.ok(clusters.some(({ exclusion }) => exclusion === null));
      assert.ok(clusters.some(({ exclusion }) => exclusion !== null));
    });
  }

  for (const path of FILES) {
    it(`${path} names the editor's schema, and fits it`, async () => {
      const text = await read(path);
      assert.match(text, /^# yaml-language-server: \$schema=curfew\.schema\.json\n/);
      const validate = new Ajv({ allErrors: true }).compile(configJsonSchema());
      validate(parseYaml(text));
      assert.equal(validate.errors, null);
    });
  }

  it("have a cluster in one line, in production from a catalogue", async () => {
    const catalogue = await read("stacks/catalogue.production.yaml");
    assert.match(catalogue, /^ {2}- \{ name: analytics-ingest, profile: analytics \}$/m);
    const { clusters } = await fleetOf("stacks/Pulumi.production.yaml");
    const ingest = clusters.find(({ identity }) => identity.name === "analytics-ingest");
    assert.equal(ingest?.id, "666666666666/eu-central-1/analytics-ingest");
    assert.deepEqual(ingest.tags, { env: "production", owner: "analytics", team: "analytics" });
  });

  it("have an approval for every production cluster that sleeps", async () => {
    const { clusters, approvals } = await fleetOf("stacks/Pulumi.production.yaml");
    const at = Date.parse("2027-01-01T00:00:00Z");
    for (const { exclusion, id, identity } of clusters) {
      if (exclusion === null) assert.ok(findApproval(identity, approvals, at), id);
    }
  });
});
