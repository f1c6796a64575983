import assert from "node:assert/strict";
import type { ObjectRef, ResourceType } from "../../../runtime/ports/index.js";
import { useKubernetes } from "./start-kubernetes.js";
import { statusBody, type Asked, type Reply } from "./stub-api-server.js";

const POOLS: ResourceType = {
  group: "karpenter.sh",
  versions: ["v1", "v1beta1"],
  plural: "nodepools",
  kind: "NodePool",
  isNamespaced: false,
};
const DEPLOYMENTS: ResourceType = {
  group: "apps",
  versions: ["v1"],
  plural: "deployments",
  kind: "Deployment",
  isNamespaced: true,
};
const WEB: ObjectRef = { type: DEPLOYMENTS, namespace: "shop", name: "web", uid: "uid-1" };
const MISFIT = statusBody(422, "the server rejected our request due to an error in our request");

const named = (name: string, namespace?: string) => ({
  metadata: { name, uid: `uid-${name}`, ...(namespace && { namespace }) },
});

/** An aggregated discovery of one group. */
function discovery(group: string, version: string, resource: string) {
  return { items: [{ metadata: { name: group }, versions: [{ version, resources: [{ resource }] }] }] };
}

describe("objects of any type over HTTP", () => {
  const start = useKubernetes();

  it("reads a list page by page, from the start again when it grew too old, and sorts it", async () => {
    let hasExpired = false;
    const { kubernetes, server } = await start(({ query }) => {
      if (!query.has("continue")) return { body: { metadata: { continue: "next" }, items: [named("b", "z")] } };
      if (hasExpired) return { body: { metadata: {}, items: [named("c", "a"), named("a", "z")] } };
      hasExpired = true;
      return { status: 410, body: statusBody(410, "too old") };
    });
    const answer = await kubernetes.objects.list(DEPLOYMENTS, { namespace: "shop", labelSelector: "app=web" });
    assert.ok(answer.kind === "listed");
    assert.deepEqual(
      answer.items.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.namespace, metadata.name]),
      [
        ["apps/v1", "Deployment", "a", "c"],
        ["apps/v1", "Deployment", "z", "a"],
        ["apps/v1", "Deployment", "z", "b"],
      ],
    );
    assert.equal(server.asked.length, 4);
    assert.ok(server.asked.every(({ path }) => path === "/apis/apps/v1/namespaces/shop/deployments"));
    assert.ok(
      server.asked.every(({ query }) => query.get("limit") === "500" && query.get("labelSelector") === "app=web"),
    );
  });

  describe("which version is served", () => {
    it("asks nobody about built-in groups and once about the others", async () => {
      const { kubernetes, server } = await start(({ path }) => ({
        body: path === "/apis" ? discovery("karpenter.sh", "v1beta1", "nodepools") : { items: [] },
      }));
      await kubernetes.objects.list(DEPLOYMENTS);
      assert.deepEqual(pathsOf(server.asked), ["/apis/apps/v1/deployments"]);
      await Promise.all([kubernetes.objects.list(POOLS), kubernetes.objects.list(POOLS)]);
      assert.deepEqual(pathsOf(server.asked).slice(1), [
        "/apis",
        "/apis/karpenter.sh/v1beta1/nodepools",
        "/apis/karpenter.sh/v1beta1/nodepools",
      ]);
    });

    it("notices within ten seconds that a type came", async () => {
      let isInstalled = false;
      const { kubernetes, clock, server } = await start(({ path }) => {
        if (path !== "/apis") return { body: { items: [] } };
        return { body: isInstalled ? discovery("karpenter.sh", "v1", "nodepools") : { items: [] } };
      });
      assert.deepEqual(await kubernetes.objects.list(POOLS), { kind: "not-served" });
      isInstalled = true;
      await clock.sleep(9_000);
      assert.deepEqual(await kubernetes.objects.list(POOLS), { kind: "not-served" });
      assert.equal(server.asked.length, 1);
      await clock.sleep(1_000);
      assert.deepEqual(await kubernetes.objects.list(POOLS), { kind: "listed", items: [] });
    });

    it("notices at once that a type went", async () => {
      let groups: unknown = discovery("karpenter.sh", "v1", "nodepools");
      const { kubernetes, clock } = await start(({ path }) =>
        path === "/apis" ? { body: groups } : { status: 404, body: statusBody(404, "the server could not find it") },
      );
      assert.deepEqual(await kubernetes.objects.list(POOLS), { kind: "not-served" });
      groups = { items: [] };
      await clock.sleep(60_000);
      assert.deepEqual(await kubernetes.objects.list(POOLS), { kind: "not-served" });
    });
  });

  describe("patches", () => {
    const patched = (reply: (asked: Asked) => Reply) =>
      start((asked) => (asked.method === "PATCH" ? reply(asked) : { body: named("web") }));

    it("test the UID first and say who changes the fields", async () => {
      const { kubernetes, server } = await patched(() => ({ body: named("web") }));
      const remove = { op: "remove", path: "/spec/paused" } as const;
      assert.equal((await kubernetes.objects.patch(WEB, [remove])).kind, "patched");
      const { path, query, contentType, body } = server.asked[0]!;
      assert.equal(path, "/apis/apps/v1/namespaces/shop/deployments/web");
      assert.equal(query.get("fieldManager"), "curfew");
      assert.equal(contentType, "application/json-patch+json");
      assert.deepEqual(body, [{ op: "test", path: "/metadata/uid", value: "uid-1" }, remove]);
    });

    it("look again to tell a failed test from another object by the name", async () => {
      const { kubernetes } = await patched(() => ({ status: 422, body: MISFIT }));
      assert.deepEqual(await kubernetes.objects.patch(WEB, []), { kind: "gone" });
      assert.equal((await kubernetes.objects.patch({ ...WEB, uid: "uid-web" }, [])).kind, "changed");
    });

    it("are sent again over transient faults, and over nothing else", async () => {
      const replies: Reply[] = ["cut", { status: 503, body: statusBody(503, "busy") }, { body: named("web") }];
      const { kubernetes, server } = await patched(() => replies.shift() ?? "cut");
      assert.equal((await kubernetes.objects.patch(WEB, [])).kind, "patched");
      assert.equal(server.asked.length, 3);
    });

    for (const [status, message, kind] of [
      [403, 'User "curfew" cannot patch resource "deployments"', "forbidden"],
      [409, "the object has been modified", "changed"],
      [500, 'Internal error occurred: failed calling webhook "w": no endpoints available', "refused"],
      [400, 'admission webhook "w" denied the request: no', "refused"],
    ] as const) {
      it(`are ${kind} after one ${status}: ${message}`, async () => {
        const { kubernetes, server } = await patched(() => ({ status, body: statusBody(status, message) }));
        assert.deepEqual(await kubernetes.objects.patch(WEB, []), { kind, message });
        assert.equal(server.asked.length, 1);
      });
    }

    it("throw when nobody is signed in or the server stays in trouble", async () => {
      let status = 401;
      const { kubernetes } = await patched(() => ({ status, body: "" }));
      await assert.rejects(() => kubernetes.objects.patch(WEB, []), { code: "access-entry-missing" });
      status = 503;
      await assert.rejects(() => kubernetes.objects.patch(WEB, []), { code: "unavailable" });
    });
  });

  it("removes an object under its UID only", async () => {
    const { kubernetes, server } = await start(() => ({ body: { kind: "Status" } }));
    assert.deepEqual(await kubernetes.objects.remove(WEB), { kind: "accepted" });
    const { method, body } = server.asked[0]!;
    assert.equal(method, "DELETE");
    assert.deepEqual((body as { preconditions: unknown }).preconditions, { uid: "uid-1" });
  });

  it("rehearses with the type's version and kind, and asks a failing webhook once", async () => {
    const message = 'Internal error occurred: failed calling webhook "w": context deadline exceeded';
    const { kubernetes, server } = await start(() => ({ status: 500, body: statusBody(500, message) }));
    const answer = await kubernetes.objects.rehearseCreate(DEPLOYMENTS, "shop", { metadata: { name: "x" } });
    assert.deepEqual(answer, { kind: "webhook-failed", message });
    assert.equal(server.asked.length, 1);
    const { query, body } = server.asked[0]!;
    assert.equal(query.get("dryRun"), "All");
    assert.deepEqual(body, { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x" } });
  });
});

function pathsOf(asked: readonly Asked[]): readonly string[] {
  return asked.map(({ path }) => path);
}
