import assert from "node:assert/strict";

import type { AccountRegion, ClusterAccess, ClusterIdentity, Discovery } from "../../runtime/ports/index.js";
import { isFailure } from "../../runtime/ports/index.js";

/** A world with clusters that a test adds, and one account that refuses everybody. */
export interface DiscoveryFixture {
  readonly discovery: Discovery;
  readonly access: (account: string) => ClusterAccess;
  readonly addCluster: (identity: ClusterIdentity, tags: Readonly<Record<string, string>>) => Promise<void>;
  /** Where nobody may look. */
  readonly closed: AccountRegion;
  readonly close: () => Promise<void>;
}

/** What every adapter of the discovery port promises. */
export function describeDiscovery(name: string, open: () => Promise<DiscoveryFixture>): void {
  describe(`discovery: ${name}`, function () {
    this.timeout(120_000);
    const ACCOUNT = "311111111111";
    const REGION = "eu-west-1";
    let fixture: DiscoveryFixture;
    before(async () => {
      fixture = await open();
      for (const cluster of ["search", "payments"]) {
        await fixture.addCluster({ account: ACCOUNT, region: REGION, name: cluster }, { team: cluster });
      }
      await fixture.addCluster({ account: ACCOUNT, region: "eu-central-1", name: "elsewhere" }, {});
      await fixture.addCluster({ account: "322222222222", region: REGION, name: "theirs" }, {});
    });
    after(() => fixture.close());

    const find = (account: string, region: string) =>
      fixture.discovery.findClusters({ account, region }, fixture.access(account));

    it("finds the clusters of one account and Region by name, with their tags", async () => {
      assert.deepEqual(await find(ACCOUNT, REGION), [
        {
          identity: { account: ACCOUNT, region: REGION, name: "payments" },
          status: "ACTIVE",
          tags: { team: "payments" },
        },
        { identity: { account: ACCOUNT, region: REGION, name: "search" }, status: "ACTIVE", tags: { team: "search" } },
      ]);
    });

    it("finds nobody else's, and none where there are none", async () => {
      const names = async (account: string, region: string) =>
        (await find(account, region)).map(({ identity }) => identity.name);
      assert.deepEqual(await names("322222222222", REGION), ["theirs"]);
      assert.deepEqual(await names(ACCOUNT, "eu-central-1"), ["elsewhere"]);
      assert.deepEqual(await names("322222222222", "eu-central-1"), []);
    });

    it("says why where it may not look", async () => {
      const { account, region } = fixture.closed;
      await assert.rejects(find(account, region), (error) => isFailure(error) && error.code === "role-refused");
    });
  });
}
