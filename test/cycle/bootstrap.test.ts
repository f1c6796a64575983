import assert from "node:assert/strict";

import * as fc from "fast-check";

import { chooseBootstrap, type Candidate, type SystemDemand } from "../../runtime/cycle/bootstrap.js";
import type { PodDemand } from "../../runtime/cycle/pod-demand.js";

const GIB = 1024 ** 3;
const LARGE = { room: { cpuMillis: 4000, memoryBytes: 16 * GIB, pods: 58 }, labels: {}, taints: [] };
const SMALL = { room: { cpuMillis: 1930, memoryBytes: 3 * GIB, pods: 11 }, labels: {}, taints: [] };

function group(groupId: string, given: Partial<Candidate> = {}): Candidate {
  return { groupId, limit: 5, present: 0, shape: LARGE, zones: ["a"], isAiling: false, ...given };
}

function pod(owner: string, given: Partial<PodDemand> & { readonly cpuMillis?: number } = {}): PodDemand {
  const { cpuMillis = 100, ...rest } = given;
  const room = { cpuMillis, memoryBytes: GIB / 8, pods: 1 };
  return { owner, room, nodeSelector: {}, tolerations: [], spread: "none", zones: null, ...rest };
}

const dns = (spread: PodDemand["spread"]) => [pod("dns", { spread }), pod("dns", { spread })];

function choose(pods: readonly PodDemand[], groups: readonly Candidate[], daemons: readonly PodDemand[] = []) {
  const chosen = chooseBootstrap({ pods, daemons }, groups);
  return chosen && { nodes: Object.fromEntries(chosen.nodes), unplaced: chosen.unplaced };
}

describe("the bootstrap nodes (W6)", () => {
  it("are one where one holds everything, and as many as the requests need", () => {
    assert.deepEqual(choose([pod("a"), pod("b")], [group("g")])?.nodes, { g: 1 });
    const heavy = ["a", "b", "c"].map((owner) => pod(owner, { cpuMillis: 1900 }));
    assert.deepEqual(choose(heavy, [group("g")])?.nodes, { g: 2 });
  });

  it("count the DaemonSets that come with every node", () => {
    const pods = [pod("a", { cpuMillis: 1900 }), pod("b", { cpuMillis: 1900 })];
    assert.deepEqual(choose(pods, [group("g")], [pod("agent", { cpuMillis: 300 })])?.nodes, { g: 2 });
  });

  it("count the most pods per node", () => {
    const pods = Array.from({ length: 20 }, (_, index) => pod(`p${index}`, { cpuMillis: 10 }));
    assert.deepEqual(choose(pods, [group("g", { shape: SMALL })], [pod("proxy"), pod("cni")])?.nodes, { g: 3 });
  });

  it("are two for two DNS pods that would rather be apart, and one where the group has only one", () => {
    assert.deepEqual(choose(dns("preferred"), [group("g")])?.nodes, { g: 2 });
    assert.deepEqual(choose(dns("preferred"), [group("g", { limit: 1 })]), { nodes: { g: 1 }, unplaced: [] });
  });

  it("name the pods that must be apart and cannot", () => {
    assert.deepEqual(choose(dns("required"), [group("g", { limit: 1 })])?.unplaced, ["dns"]);
  });

  it("come from the group that needs the fewest, and from a healthy one before an ailing one", () => {
    const pods = Array.from({ length: 20 }, (_, index) => pod(`p${index}`));
    assert.deepEqual(choose(pods, [group("small", { shape: SMALL }), group("large")])?.nodes, { large: 1 });
    const groups = [group("small", { shape: SMALL }), group("large", { isAiling: true })];
    assert.deepEqual(choose(pods, groups)?.nodes, { small: 2 });
  });

  it("use nodes that are up already", () => {
    assert.deepEqual(choose([pod("a")], [group("a"), group("b", { present: 2 })])?.nodes, { b: 2 });
  });

  it("respect selectors and taints", () => {
    const system = group("system", {
      shape: { ...SMALL, labels: { role: "system" }, taints: [{ key: "system", value: "", effect: "NoSchedule" }] },
    });
    const picky = pod("dns", {
      nodeSelector: { role: "system" },
      tolerations: [{ key: "system", operator: "Exists", value: "", effect: "" }],
    });
    assert.deepEqual(choose([picky, pod("a")], [group("g"), system])?.nodes, { g: 1, system: 1 });
    assert.deepEqual(choose([pod("a", { nodeSelector: { role: "gone" } })], [group("g"), system])?.unplaced, ["a"]);
  });

  it("W11: cover the zones that hold the system's volumes", () => {
    const bound = pod("vault", { zones: ["c"] });
    const wide = group("wide", { zones: ["a", "b", "c"] });
    assert.deepEqual(choose([bound], [wide])?.nodes, { wide: 3 });
    assert.deepEqual(choose([bound], [wide, group("c-only", { zones: ["c"] })])?.nodes, { "c-only": 1 });
    assert.deepEqual(choose([bound], [group("a-only", { zones: ["a"] })])?.unplaced, ["vault"]);
  });

  it("W26: are none when every pod has its place already, as on Fargate", () => {
    assert.equal(choose([], [group("g")], [pod("agent")]), null);
  });

  it("are two of the largest group where no node was recorded", () => {
    const groups = [group("a", { shape: null, limit: 1 }), group("b", { shape: null, limit: 4 })];
    assert.deepEqual(choose([pod("a")], groups)?.nodes, { b: 2 });
  });

  it("never exceed a group's saved size, and hold the requests of all that is placed", () => {
    const anyPod = fc.record({ cpuMillis: fc.integer({ min: 1, max: 2500 }), spread: fc.constantFrom(...SPREADS) });
    const anyGroup = fc.record({
      limit: fc.integer({ min: 0, max: 4 }),
      isLarge: fc.boolean(),
      zones: fc.subarray(["a", "b", "c"], { minLength: 1 }),
      isAiling: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(anyPod, { minLength: 1, maxLength: 20 }),
        fc.array(anyGroup, { maxLength: 4 }),
        (pods, groups) => {
          const demand: SystemDemand = {
            pods: pods.map((given, index) => pod(`p${Math.floor(index / 2)}`, given)),
            daemons: [pod("agent", { cpuMillis: 200 })],
          };
          const candidates = groups.map(({ isLarge, ...rest }, index) =>
            group(`g${index}`, { ...rest, shape: isLarge ? LARGE : SMALL }),
          );
          const chosen = chooseBootstrap(demand, candidates);
          assert.ok(chosen);
          let roomMillis = 0;
          for (const [id, nodes] of chosen.nodes) {
            const candidate = candidates.find(({ groupId }) => groupId === id);
            assert.ok(nodes > 0 && nodes <= (candidate?.limit ?? 0));
            roomMillis += nodes * ((candidate?.shape?.room.cpuMillis ?? 0) - 200);
          }
          const unplaced = new Set(chosen.unplaced);
          const placed = demand.pods.filter(({ owner }) => !unplaced.has(owner));
          assert.ok(placed.reduce((sum, { room }) => sum + room.cpuMillis, 0) <= roomMillis);
        },
      ),
    );
  });
});

const SPREADS = ["none", "preferred", "required"] as const;
