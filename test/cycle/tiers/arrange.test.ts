import assert from "node:assert/strict";

import * as fc from "fast-check";

import {
  arrangeTiers,
  readWorkloads,
  settingsSchema,
  type SettingsInput,
  type TierPlan,
} from "../../../runtime/cycle/index.js";
import { workloadSurvey, type Written } from "./objects.js";

function arrange(specs: readonly Written[], members: NonNullable<SettingsInput["tiers"]>["members"] = {}) {
  const { tiers } = settingsSchema.parse({ tiers: { members } });
  return arrangeTiers(readWorkloads(workloadSurvey(...specs)), tiers);
}

/** `tier: names` of each tier that has members. */
function words(tiers: readonly TierPlan[]): readonly string[] {
  return tiers.map(({ tier, members }) => `${tier}: ${members.map(({ id }) => id.split("/")[1]).join(", ")}`);
}

describe("the tiers of a wake (W13)", () => {
  it("finds well-known members by name and by label, and takes all others for applications", () => {
    const system = { namespace: "kube-system" };
    const { tiers } = arrange([
      { name: "web" },
      { name: "db", kind: "StatefulSet" },
      { name: "keda-operator", namespace: "keda" },
      { name: "kyverno-admission-controller", namespace: "kyverno" },
      { name: "cert-manager", namespace: "cert-manager" },
      { name: "ebs-csi-node", kind: "DaemonSet", ...system },
      { name: "dns", labels: { "k8s-app": "kube-dns" }, ...system },
      { name: "aws-node", kind: "DaemonSet", ...system },
      { name: "kube-proxy", kind: "DaemonSet", ...system },
    ]);
    assert.deepEqual(words(tiers), [
      "1: aws-node, kube-proxy",
      "2: dns",
      "3: ebs-csi-node",
      "4: cert-manager",
      "5: kyverno-admission-controller",
      "6: keda-operator",
      "7: db, web",
    ]);
  });

  it("takes no application for the system because of its name", () => {
    const { tiers } = arrange([{ name: "coredns", namespace: "shop" }]);
    assert.deepEqual(words(tiers), ["7: coredns"]);
    assert.equal(tiers[0]?.members[0]?.isCritical, false);
  });

  it("follows the settings before what is well known", () => {
    const { tiers } = arrange([{ name: "web" }, { name: "metrics-server", namespace: "kube-system" }], {
      "shop/web": { tier: 3, critical: true },
      "kube-system/metrics-server": { tier: 6 },
    });
    assert.deepEqual(words(tiers), ["3: web", "6: metrics-server"]);
    assert.equal(tiers[0]?.members[0]?.isCritical, true);
  });

  it("takes a member to the tier of what it depends on, and puts it after that", () => {
    const { tiers } = arrange([{ name: "a" }, { name: "b" }, { name: "c" }], {
      "shop/a": { tier: 2, dependsOn: ["shop/b"] },
      "shop/b": { tier: 4, dependsOn: ["shop/c"] },
      "shop/c": { tier: 4 },
    });
    assert.deepEqual(words(tiers), ["4: c, b, a"]);
  });

  it("says which members of the settings are not there", () => {
    const { notes } = arrange([{ name: "web" }], { "shop/web": { tier: 7, dependsOn: ["shop/db"] } });
    assert.deepEqual(notes, ["settings.tiers.members names shop/db, which is not in the cluster."]);
  });

  it("refuses a circle of dependencies with its path", () => {
    const members = {
      "shop/a": { tier: 7, dependsOn: ["shop/b"] },
      "shop/b": { tier: 7, dependsOn: ["shop/c"] },
      "shop/c": { tier: 7, dependsOn: ["shop/b"] },
    };
    const parsed = settingsSchema.safeParse({ tiers: { members } });
    assert.equal(parsed.success, false);
    assert.match(parsed.error.message, /circle: shop\/b -> shop\/c -> shop\/b/);
  });

  it("is a topological order for whatever depends on what", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const memberOf = (index: number) =>
      fc.record({
        tier: fc.constantFrom(1, 2, 3, 4, 5, 6, 7),
        // Only on earlier names: no circle.
        dependsOn: fc.subarray(names.slice(0, index).map((name) => `shop/${name}`)),
      });
    fc.assert(
      fc.property(
        fc.tuple(...names.map((_, index) => memberOf(index))),
        fc.shuffledSubarray(names),
        (members, order) => {
          const declared = Object.fromEntries(members.map((member, index) => [`shop/${names[index] ?? ""}`, member]));
          const { tiers } = arrange(
            [...order, ...names.filter((name) => !order.includes(name))].map((name) => ({ name })),
            declared,
          );
          const ids = tiers.flatMap((plan) => plan.members.map(({ id }) => id));
          assert.equal(ids.length, names.length);
          for (const { id, dependsOn } of tiers.flatMap((plan) => plan.members))
            for (const needed of dependsOn) assert.ok(ids.indexOf(needed) < ids.indexOf(id), `${needed} before ${id}`);
        },
      ),
    );
  });
});
