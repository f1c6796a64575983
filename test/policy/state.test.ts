import assert from "node:assert/strict";

import type { PreviousCluster, PreviousState } from "../../policy/previous-state.js";
import { clustersIn } from "../../policy/previous-state.js";
import { clusterSchedule, type Entry } from "./declared.js";
import { createTestPack, NOW_MS, urnOf, type TestPackOptions, type TestResource } from "./test-pack.js";

const HOUR_MS = 3_600_000;

/** As the stack's state holds a cluster that was deployed with an entry. */
function deployed(entry: Entry, seen: Partial<PreviousCluster> = {}): PreviousCluster {
  const resource = clusterSchedule(entry);
  const { cluster, account, region, declaration } = resource.props as Readonly<Record<string, string>>;
  return {
    urn: urnOf(resource),
    id: `${account}/${region}/${cluster}`,
    declaration: declaration ?? "",
    onDelete: entry.onDelete ?? "wake",
    state: "running",
    nextTransitionAt: NOW_MS + HOUR_MS,
    ...seen,
  };
}

/** As a preview shows a resource that does not change: its old outputs. */
const unchanged = (entry: Entry): TestResource => ({ ...clusterSchedule(entry), props: { state: "running" } });

const named = (count: number): readonly Entry[] =>
  Array.from({ length: count }, (_, index) => ({ name: `c-${index}` }));

const said = async (options: TestPackOptions, ...resources: readonly TestResource[]): Promise<readonly string[]> =>
  (await createTestPack(options).analyzeStack(...resources)).map(
    ({ rule, message }) => `${rule}: ${message.split("\n")[1] ?? ""}`,
  );

const UNREADABLE: PreviousState = { ok: false, problem: "error: no stack named 'lab' found" };

describe("policy, rules about what was there before", () => {
  describe("blast-radius", () => {
    const previous: PreviousState = { ok: true, clusters: named(20).map((entry) => deployed(entry)) };
    const edited = (entry: Entry) => clusterSchedule({ ...entry, settings: { pollSeconds: 7 } });

    it("lets a few be changed, and refuses one more", async () => {
      const change = (count: number) =>
        named(20).map((entry, index) => (index < count ? edited(entry) : unchanged(entry)));
      assert.deepEqual(await said({ previous }, ...change(10)), []);
      const [violation, ...others] = await createTestPack({ previous }).analyzeStack(...change(11));
      assert.deepEqual(others, []);
      assert.deepEqual(violation, {
        rule: "blast-radius",
        level: "mandatory",
        message:
          "One run changes few of the clusters that are there.\n" +
          "11 of 20 clusters are changed (0 of them go), and one run may change 10.\n" +
          "Change them in steps, or raise the bound in the policy's config for this one run. (README.md#guard-rails)",
      });
    });

    it("counts those that go, and not those that are renamed", async () => {
      const config = { "blast-radius": { alwaysClusters: 0, mostPercent: 50, mostClusters: 3 } };
      assert.deepEqual(await said({ previous, config }, ...named(16).map(unchanged)), [
        "blast-radius: 4 of 20 clusters are changed (4 of them go), and one run may change 3.",
      ]);
      const renamed = named(20).map((entry) => ({
        ...unchanged(entry),
        name: `${entry.name ?? ""}-111111111111`,
        aliases: [urnOf(clusterSchedule(entry))],
      }));
      assert.deepEqual(await said({ previous, config }, ...renamed), []);
    });

    it("grows with the stack", async () => {
      const large: PreviousState = { ok: true, clusters: named(80).map((entry) => deployed(entry)) };
      const change = (count: number) =>
        named(80).map((entry, index) => (index < count ? edited(entry) : unchanged(entry)));
      assert.deepEqual(await said({ previous: large }, ...change(20)), []);
      assert.equal((await said({ previous: large }, ...change(21))).length, 1);
    });

    it("bounds new clusters only where it is told to", async () => {
      const all = named(40).map((entry) => clusterSchedule(entry));
      assert.deepEqual(await said({}, ...all), []);
      assert.deepEqual(await said({ config: { "blast-radius": { mostNew: 39 } } }, ...all), [
        "blast-radius: 40 clusters are new, and one run may add 39.",
      ]);
    });

    it("does not count a resource that the calendar, not a person, changes", async () => {
      const config = { "blast-radius": { alwaysClusters: 0, mostPercent: 0 } };
      assert.deepEqual(await said({ previous, config }, ...named(20).map((entry) => clusterSchedule(entry))), []);
    });
  });

  describe("sleeping-deletes", () => {
    const going = (entry: Entry, seen?: Partial<PreviousCluster>) =>
      said({ previous: { ok: true, clusters: [deployed({ name: "pay", ...entry }, seen)] } });

    it("refuses to leave a sleeping cluster behind", async () => {
      assert.deepEqual(await going({ onDelete: "leave" }, { state: "hibernated" }), [
        "sleeping-deletes: 111111111111/eu-west-1/pay goes with onDelete: leave, and was last seen hibernated.",
      ]);
      assert.deepEqual(await going({ onDelete: "wake" }, { state: "hibernated" }), []);
      assert.deepEqual(await going({ onDelete: "leave" }, { state: "running" }), []);
    });

    it("does not trust what was seen before the calendar changed", async () => {
      assert.deepEqual(await going({ onDelete: "leave" }, { nextTransitionAt: NOW_MS - HOUR_MS }), [
        "sleeping-deletes: 111111111111/eu-west-1/pay goes with onDelete: leave, and was last seen running, before its calendar changed.",
      ]);
      assert.equal((await going({ onDelete: "leave" }, { state: "unknown" })).length, 1);
    });
  });

  it("fails when the state cannot be read, unless policy config lets it", async () => {
    assert.deepEqual(await said({ previous: UNREADABLE }, clusterSchedule()), [
      "blast-radius: How many clusters change cannot be told, for the stack's state cannot be read: error: no stack named 'lab' found.",
      "sleeping-deletes: What sleeps cannot be told, for the stack's state cannot be read: error: no stack named 'lab' found.",
    ]);
    const config = { "blast-radius": { unreadableState: "allow" }, "sleeping-deletes": { unreadableState: "allow" } };
    assert.deepEqual(await said({ previous: UNREADABLE, config }, clusterSchedule()), []);
  });

  it("reads clusters out of an exported state, and trusts none that it cannot read to wake", () => {
    const resource = clusterSchedule({ onDelete: "leave" });
    const { type, props } = resource;
    const resources = [
      { type: "pulumi:pulumi:Stack", urn: "stack" },
      { type, urn: "a", inputs: props, outputs: { state: "hibernated", nextTransitionAt: "2026-11-23T06:00:00Z" } },
      { type, urn: "b", id: "1/2/3", inputs: { declaration: "?" }, outputs: {} },
      { type, urn: "c", inputs: props, delete: true },
    ];
    const [read, damaged, ...others] = clustersIn({ deployment: { resources } });
    assert.deepEqual(others, []);
    assert.deepEqual(
      [read?.id, read?.onDelete, read?.state, read?.nextTransitionAt],
      ["111111111111/eu-west-1/pay", "leave", "hibernated", Date.parse("2026-11-23T06:00:00Z")],
    );
    assert.deepEqual([damaged?.id, damaged?.onDelete, damaged?.state], ["1/2/3", "leave", "unknown"]);
    assert.deepEqual(clustersIn({ deployment: {} }), []);
  });
});
