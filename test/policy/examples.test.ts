import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { gatherFiles, parseFleet, parseStackFile, serialiseCluster } from "../../runtime/config/index.js";
import { packagePath } from "../lab/package-path.js";
import { createTestPack, type Said, type TestResource } from "./test-pack.js";

const read = (path: string): string => readFileSync(packagePath(path), "utf8");

/** What the pack says of every cluster that an example declares and does not exclude. */
async function judge(stackFile: string, config: Readonly<Record<string, object>>): Promise<readonly Said[]> {
  const raw = parseStackFile(read(stackFile));
  assert.ok(raw.ok);
  const files = await gatherFiles(raw.value, (path) => Promise.resolve(read(path)));
  const fleet = parseFleet(raw.value, { files, environment: {} });
  assert.ok(fleet.ok);
  const schedules = fleet.value.clusters.filter(({ exclusion }) => exclusion === null);
  assert.ok(schedules.length > 0);
  const stackConfig = Object.fromEntries(Object.entries(raw.value).map(([key, value]) => [`curfew:${key}`, value]));
  const pack = createTestPack({ stackConfig, files: Object.fromEntries(files), config });
  return pack.analyze(
    ...schedules.map((spec): TestResource => ({
      type: "pulumi-nodejs:dynamic/curfew:ClusterSchedule",
      name: spec.identity.name,
      props: { declaration: serialiseCluster(spec) },
    })),
  );
}

describe("policy, the worked examples", () => {
  it("are let through: production with its own policy config, staging without", async () => {
    const production = JSON.parse(read("stacks/policy.production.json")) as Readonly<Record<string, object>>;
    const config = Object.entries(production).map(([rule, { ...settings }]) => {
      // The engine takes the level out before rules see their config.
      delete (settings as { enforcementLevel?: unknown }).enforcementLevel;
      return [rule, settings] as const;
    });
    assert.deepEqual(await judge("stacks/Pulumi.production.yaml", Object.fromEntries(config)), []);
    assert.deepEqual(await judge("stacks/Pulumi.staging.yaml", {}), []);
  });
});
