import assert from "node:assert/strict";

import { readFleet } from "../../stacks/fleet.js";

const json = (value: unknown): string => JSON.stringify(value);

const entry = (name: string) => ({ name, account: "111111111111", region: "eu-west-1", schedule: "office" });

const config = (names: readonly string[], more: Readonly<Record<string, string>> = {}) => ({
  "curfew:schedules": json({ office: { timezone: "UTC", awake: ["Mon-Fri 07:00-19:00"] } }),
  "curfew:clusters": json(names.map(entry)),
  "curfew:deployer": json({ clustersPerStack: 2 }),
  ...more,
});

const noFiles = (path: string): Promise<string> => Promise.reject(new Error(`no ${path}`));

describe("a stack of an environment that is spread over several", () => {
  it("is not declared by a plain pulumi up, which would put all clusters into it", async () => {
    await assert.rejects(
      readFleet(config(["a", "b", "c"]), {}, noFiles),
      /3 clusters are spread over stacks of at most 2 .* use `curfew deploy up`/,
    );
  });

  it("is declared by a plain pulumi up while one stack holds them all", async () => {
    assert.equal((await readFleet(config(["a", "b"]), {}, noFiles)).clusters.length, 2);
  });

  it("knows all clusters, and which of them are its own", async () => {
    const list = json(["111111111111/eu-west-1/b"]);
    const fleet = await readFleet(config(["a", "b", "c"], { "curfew:shard": "list.json" }), {}, () =>
      Promise.resolve(list),
    );
    assert.equal(fleet.clusters.length, 3);
    assert.deepEqual([...(fleet.shard ?? [])], ["111111111111/eu-west-1/b"]);
  });
});
