import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { parseStackFile } from "../../runtime/config/index.js";
import { readFleet } from "../../stacks/fleet.js";
import { packagePath } from "../lab/package-path.js";

const noFiles = (path: string): Promise<string> => Promise.reject(new Error(`no ${path}`));
const json = (value: unknown): string => JSON.stringify(value);

const OFFICE = { "curfew:schedules": json({ office: { timezone: "UTC", awake: ["Mon-Fri 07:00-19:00"] } }) };
const clusters = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `cluster-${index}`,
    account: "111111111111",
    region: "eu-west-1",
    schedule: "office",
  }));

const fromProject = (path: string): Promise<string> => readFile(packagePath(path), "utf8");

/** A stack file's config as Pulumi hands it to a program: JSON text by full key. */
async function handedOver(name: string): Promise<Readonly<Record<string, string>>> {
  const parsed = parseStackFile(await fromProject(`stacks/Pulumi.${name}.yaml`));
  if (!parsed.ok) throw new Error(json(parsed.problems));
  return Object.fromEntries(Object.entries(parsed.value).map(([key, value]) => [`curfew:${key}`, json(value)]));
}

describe("the stack program's config", () => {
  it("is read as Pulumi hands it over, other namespaces left out", async () => {
    const config = { ...OFFICE, "curfew:clusters": json(clusters(2)), "aws:region": "eu-west-1" };
    const fleet = await readFleet(config, {}, noFiles);
    assert.deepEqual(
      fleet.clusters.map(({ id }) => id),
      ["111111111111/eu-west-1/cluster-0", "111111111111/eu-west-1/cluster-1"],
    );
  });

  it("is refused with all problems at once, by their keys, and without a stack trace", async () => {
    const config = {
      ...OFFICE,
      "curfew:clusters": json([{ ...clusters(1)[0], schedule: "offise", account: 1 }]),
      "curfew:catalogue": "missing.yaml",
      "curfew:cluster": "[]",
    };
    await assert.rejects(readFleet(config, { CURFEW_LEASE_SECONDS: "soon" }, noFiles), (error: Error) => {
      assert.equal((error as { readonly __pulumiRunError?: boolean }).__pulumiRunError, true);
      const [head, ...lines] = error.message.split("\n");
      assert.equal(head, "The stack's config is refused, with 5 problems:");
      assert.deepEqual(lines.map((line) => line.trim().split(" ")[0]).toSorted(), [
        "CURFEW_LEASE_SECONDS",
        "curfew:catalogue",
        "curfew:cluster",
        "curfew:clusters[0].account",
        "curfew:clusters[0].schedule",
      ]);
      return true;
    });
  });

  it("is refused above 100 KB, with the way out", async () => {
    const config = { ...OFFICE, "curfew:clusters": json(clusters(1_000)) };
    await assert.rejects(readFleet(config, {}, noFiles), /1 problem:\n {2}curfew:clusters .*curfew:catalogue/);
  });

  it("may lie in a catalogue file of any size", async () => {
    const files: Readonly<Record<string, string>> = { "fleet.json": json({ clusters: clusters(1_000) }) };
    const read = (path: string) => Promise.resolve(files[path] ?? "");
    const fleet = await readFleet({ ...OFFICE, "curfew:catalogue": "fleet.json" }, {}, read);
    assert.equal(fleet.clusters.length, 1_000);
  });

  it("has a worked example that is accepted, and excludes what it says", async () => {
    const fleet = await readFleet(await handedOver("dev"), {}, fromProject);
    assert.deepEqual(
      fleet.clusters.map(({ identity, exclusion }) => [identity.name, exclusion?.reason ?? null]),
      [
        ["payments-dev", null],
        ["search-dev", null],
        ["reports", null],
        ["ledger-critical", "runs the pager"],
      ],
    );
  });

  it("has a stack for the lab: two clusters that sleep now, one that stays awake", async () => {
    const fleet = await readFleet(await handedOver("lab"), {}, fromProject);
    const rows = fleet.clusters.map(({ id, scheduleName, settings }) => [id, scheduleName, settings.drain.policy]);
    assert.deepEqual(rows, [
      ["111111111111/eu-west-1/alpha", "asleep", "scale-owners"],
      ["222222222222/eu-west-1/beta", "asleep", "force-at-deadline"],
      ["111111111111/eu-west-1/gamma", "office-always", "wait"],
    ]);
  });
});
