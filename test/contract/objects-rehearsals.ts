import assert from "node:assert/strict";

import type { CurrentFixture } from "./kubernetes-look.js";
import { CONFIG_MAPS } from "./objects.js";

const BODY = { metadata: { generateName: "rehearsed-" }, data: {} };

/** Creations that are only rehearsed. */
export function describeRehearsals(current: CurrentFixture): void {
  describe("rehearsed creations", () => {
    it("are accepted where nothing stands in the way, and nothing is stored", async () => {
      const { kubernetes, namespace } = current();
      assert.deepEqual(await kubernetes.objects.rehearseCreate(CONFIG_MAPS, namespace, BODY), { kind: "accepted" });
      const answer = await kubernetes.objects.list(CONFIG_MAPS, { namespace });
      assert.ok(answer.kind === "listed");
      assert.ok(answer.items.every(({ metadata }) => !metadata.name.startsWith("rehearsed-")));
    });

    it("tell that a webhook was reached and said no", async () => {
      const fixture = current();
      await fixture.guardConfigMaps("denies");
      const answer = await fixture.kubernetes.objects.rehearseCreate(CONFIG_MAPS, fixture.namespace, BODY);
      assert.equal(answer.kind, "denied");
      assert.match(answer.message, /denied the request/);
    });

    it("name a webhook that nobody answers for", async () => {
      const fixture = current();
      await fixture.guardConfigMaps("unreachable");
      const answer = await fixture.kubernetes.objects.rehearseCreate(CONFIG_MAPS, fixture.namespace, BODY);
      assert.equal(answer.kind, "webhook-failed");
      assert.match(answer.message, /failed calling webhook/);
    });
  });
}
