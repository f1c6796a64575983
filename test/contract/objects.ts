import assert from "node:assert/strict";

import type { ApiObject, ListOptions, ObjectRef, ResourceType } from "../../runtime/ports/index.js";
import { eventually } from "./eventually.js";
import type { KubernetesFixture } from "./kubernetes-fixture.js";
import type { CurrentFixture } from "./kubernetes-look.js";

const OTHER_UID = "00000000-0000-4000-8000-ffffffffffff";

/** A type that every server has and nobody else in this suite uses. */
export const CONFIG_MAPS: ResourceType = {
  group: "",
  versions: ["v1"],
  plural: "configmaps",
  kind: "ConfigMap",
  isNamespaced: true,
};

/** The names of what a list in the fixture's namespace has; fails the test when there is no list. */
async function namesOf(fixture: KubernetesFixture, options: ListOptions): Promise<readonly string[]> {
  const answer = await fixture.kubernetes.objects.list(CONFIG_MAPS, { namespace: fixture.namespace, ...options });
  assert.equal(answer.kind, "listed");
  return answer.items.map(({ metadata }) => metadata.name).filter((name) => name !== "kube-root-ca.crt");
}

async function putConfigMap(fixture: KubernetesFixture, name = "one"): Promise<ObjectRef> {
  const { metadata } = await fixture.putObject(CONFIG_MAPS, {
    metadata: { name, annotations: { "example.com/kept": "yes" } },
    data: { colour: "red", size: "big" },
  });
  return refTo(fixture, metadata);
}

function refTo({ namespace }: KubernetesFixture, { name, uid }: ApiObject["metadata"]): ObjectRef {
  return { type: CONFIG_MAPS, namespace, name, uid };
}

/** The object's data now; fails the test when it is not there. */
async function dataOf({ kubernetes }: KubernetesFixture, ref: ObjectRef): Promise<unknown> {
  const found = await kubernetes.objects.read(ref.type, ref);
  assert.ok(found, `no ${ref.name}`);
  return found["data"];
}

/** Objects of any type: listing, reading, patching, removing. */
export function describeObjects(current: CurrentFixture): void {
  describe("objects of any type, read", () => {
    it("lists them by name, each with its version and kind", async () => {
      const fixture = current();
      for (const name of ["zebra", "ant", "monkey"]) await putConfigMap(fixture, name);
      const answer = await fixture.kubernetes.objects.list(CONFIG_MAPS, { namespace: fixture.namespace });
      assert.equal(answer.kind, "listed");
      const ours = answer.items.filter(({ metadata }) => metadata.name !== "kube-root-ca.crt");
      assert.deepEqual(
        ours.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.namespace, metadata.name]),
        ["ant", "monkey", "zebra"].map((name) => ["v1", "ConfigMap", fixture.namespace, name]),
      );
      assert.ok(ours.every(({ metadata }) => metadata.uid !== "" && metadata.creationTimestamp !== undefined));
      const everywhere = await fixture.kubernetes.objects.list(CONFIG_MAPS);
      assert.ok(everywhere.kind === "listed" && everywhere.items.length >= ours.length);
    });

    it("lists those that the selectors mean", async () => {
      const fixture = current();
      const put = (name: string, labels: Readonly<Record<string, string>>) =>
        fixture.putObject(CONFIG_MAPS, { metadata: { name, labels } });
      await put("a", { team: "shop", tier: "front" });
      await put("b", { team: "shop" });
      await put("c", { team: "bank" });
      const labelled = async (labelSelector: string) => namesOf(fixture, { labelSelector });
      assert.deepEqual(await labelled("team=shop"), ["a", "b"]);
      assert.deepEqual(await labelled("team=shop,!tier"), ["b"]);
      assert.deepEqual(await labelled("tier"), ["a"]);
      assert.deepEqual(await labelled("team!=shop,team"), ["c"]);
      assert.deepEqual(await labelled("team in (bank, mill),tier notin (front)"), ["c"]);
      assert.deepEqual(await namesOf(fixture, { fieldSelector: "metadata.name=b" }), ["b"]);
      assert.deepEqual(await namesOf(fixture, { fieldSelector: "metadata.name!=b", labelSelector: "team" }), [
        "a",
        "c",
      ]);
    });

    it("reads one, and null for none", async () => {
      const fixture = current();
      const ref = await putConfigMap(fixture);
      const found = await fixture.kubernetes.objects.read(CONFIG_MAPS, ref);
      assert.equal(found?.metadata.uid, ref.uid);
      assert.deepEqual(found.metadata.annotations, { "example.com/kept": "yes" });
      assert.equal(await fixture.kubernetes.objects.read(CONFIG_MAPS, { ...ref, name: "other" }), null);
    });

    it("says that a type is not served, and notices when it is", async () => {
      const fixture = current();
      const { kubernetes, namespace } = fixture;
      const type = fixture.newType();
      const ref = { type, namespace, name: "one", uid: OTHER_UID };
      assert.deepEqual(await kubernetes.objects.list(type), { kind: "not-served" });
      assert.equal(await kubernetes.objects.read(type, ref), null);
      assert.deepEqual(await kubernetes.objects.patch(ref, []), { kind: "gone" });
      assert.deepEqual(await kubernetes.objects.remove(ref), { kind: "gone" });
      assert.equal(
        (await kubernetes.objects.rehearseCreate(type, namespace, { metadata: { name: "one" } })).kind,
        "invalid",
      );
      await fixture.installType(type);
      await eventually(fixture, "the type is served", async () => {
        const answer = await kubernetes.objects.list(type);
        return answer.kind === "listed" && answer.items.length === 0;
      });
      await fixture.putObject(type, { metadata: { name: "one" }, spec: { size: 1 } });
      const found = await kubernetes.objects.read(type, ref);
      assert.deepEqual([found?.kind, found?.["spec"], found?.metadata.generation], [type.kind, { size: 1 }, 1]);
    });

    it("tells a caller without rights so, and throws for his reads of one", async () => {
      const fixture = current();
      const ref = await putConfigMap(fixture);
      const { objects } = fixture.as("unprivileged");
      assert.equal((await objects.list(CONFIG_MAPS)).kind, "forbidden");
      assert.equal((await objects.patch(ref, [{ op: "remove", path: "/data" }])).kind, "forbidden");
      assert.equal((await objects.remove(ref)).kind, "forbidden");
      assert.equal((await objects.rehearseCreate(CONFIG_MAPS, ref.namespace, {})).kind, "forbidden");
      assert.equal(await objects.may({ verb: "list", group: "", resource: "configmaps" }), false);
      await assert.rejects(() => objects.read(CONFIG_MAPS, ref), { code: "rbac-denied" });
    });

    it("knows what the caller may do", async () => {
      const { objects } = current().kubernetes;
      assert.equal(await objects.may({ verb: "list", group: "", resource: "nodes" }), true);
      assert.equal(await objects.may({ verb: "create", group: "", resource: "pods", subresource: "eviction" }), true);
    });

    it("throws when nothing answers", async () => {
      const { objects } = current().as("cut-off");
      await assert.rejects(() => objects.list(CONFIG_MAPS), { code: "endpoint-unreachable" });
    });
  });

  describe("objects of any type, changed", () => {
    it("patches what its tests hold for, keys with a slash included", async () => {
      const fixture = current();
      const ref = await putConfigMap(fixture);
      const answer = await fixture.kubernetes.objects.patch(ref, [
        { op: "test", path: "/data/colour", value: "red" },
        { op: "replace", path: "/data/colour", value: "blue" },
        { op: "add", path: "/metadata/annotations/example.com~1by", value: "curfew" },
        { op: "test", path: "/metadata/annotations/example.com~1kept", value: "yes" },
      ]);
      assert.equal(answer.kind, "patched");
      assert.deepEqual(answer.object.metadata.annotations, { "example.com/kept": "yes", "example.com/by": "curfew" });
      assert.deepEqual(await dataOf(fixture, ref), { colour: "blue", size: "big" });
    });

    it("takes a field away", async () => {
      const fixture = current();
      const ref = await putConfigMap(fixture);
      const answer = await fixture.kubernetes.objects.patch(ref, [
        { op: "remove", path: "/data/colour" },
        { op: "remove", path: "/metadata/annotations/example.com~1kept" },
      ]);
      assert.equal(answer.kind, "patched");
      assert.equal(answer.object.metadata.annotations?.["example.com/kept"], undefined);
      assert.deepEqual(await dataOf(fixture, ref), { size: "big" });
    });

    for (const [what, operation] of [
      ["a test does not hold", { op: "test", path: "/data/size", value: "small" }],
      ["a tested field is not there", { op: "test", path: "/data/weight", value: "much" }],
      ["what is to be removed is not there", { op: "remove", path: "/data/weight" }],
      ["the way there does not exist", { op: "add", path: "/metadata/labels/team", value: "shop" }],
    ] as const) {
      it(`says that it changed, and changes nothing, when ${what}`, async () => {
        const fixture = current();
        const ref = await putConfigMap(fixture);
        const answer = await fixture.kubernetes.objects.patch(ref, [
          { op: "replace", path: "/data/colour", value: "blue" },
          operation,
        ]);
        assert.equal(answer.kind, "changed");
        assert.deepEqual(await dataOf(fixture, ref), { colour: "red", size: "big" });
      });
    }

    it("leaves another object by the same name alone", async () => {
      const fixture = current();
      const old = await putConfigMap(fixture);
      await fixture.removeObject(CONFIG_MAPS, old.name);
      const { objects } = fixture.kubernetes;
      const operations = [{ op: "remove", path: "/data/colour" }] as const;
      assert.deepEqual(await objects.patch(old, operations), { kind: "gone" });
      const next = await putConfigMap(fixture);
      assert.notEqual(next.uid, old.uid);
      assert.deepEqual(await objects.patch(old, operations), { kind: "gone" });
      assert.deepEqual(await objects.remove(old), { kind: "gone" });
      assert.deepEqual(await dataOf(fixture, next), { colour: "red", size: "big" });
    });

    it("removes one, once", async () => {
      const fixture = current();
      const ref = await putConfigMap(fixture);
      const { objects } = fixture.kubernetes;
      assert.deepEqual(await objects.remove(ref), { kind: "accepted" });
      assert.equal(await objects.read(CONFIG_MAPS, ref), null);
      assert.deepEqual(await objects.remove(ref), { kind: "gone" });
    });

    it("removes one with a finalizer when that is taken off", async () => {
      const fixture = current();
      const { metadata } = await fixture.putObject(CONFIG_MAPS, {
        metadata: { name: "held", finalizers: ["lab.test/hold"] },
      });
      const ref = refTo(fixture, metadata);
      const { objects } = fixture.kubernetes;
      assert.deepEqual(await objects.remove(ref), { kind: "accepted" });
      assert.notEqual((await objects.read(CONFIG_MAPS, ref))?.metadata.deletionTimestamp, undefined);
      await objects.patch(ref, [{ op: "remove", path: "/metadata/finalizers" }]);
      assert.equal(await objects.read(CONFIG_MAPS, ref), null);
    });
  });
}
