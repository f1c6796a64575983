import { describeEvictions } from "./kubernetes-evictions.js";
import type { KubernetesFixture, KubernetesLab } from "./kubernetes-fixture.js";
import { describeNodesAndPods } from "./kubernetes-nodes-and-pods.js";
import { describeOwners } from "./kubernetes-owners.js";
import { describeRefusals } from "./kubernetes-refusals.js";
import { describeObjects } from "./objects.js";
import { describeModelledObjects } from "./objects-modelled.js";
import { describeRehearsals } from "./objects-rehearsals.js";

const REAL_SERVER_TIMEOUT_MS = 90_000;

/** What every implementation of the Kubernetes port does (safe-cycle T20). The tests compare kinds of answers, never a vendor's words. */
export function describeKubernetes(name: string, start: () => KubernetesLab | Promise<KubernetesLab>): void {
  describe(`Kubernetes contract: ${name}`, function () {
    this.timeout(REAL_SERVER_TIMEOUT_MS);
    let lab: KubernetesLab | undefined;
    let fixture: KubernetesFixture | undefined;

    before(async () => {
      lab = await start();
    });
    beforeEach(async () => {
      fixture = await lab?.open();
    });
    afterEach(async () => {
      await fixture?.dispose();
      fixture = undefined;
    });
    after(async () => {
      await lab?.close();
    });

    const current = (): KubernetesFixture => {
      if (fixture === undefined) throw new Error("no fixture outside a test");
      return fixture;
    };
    describeNodesAndPods(current);
    describeEvictions(current);
    describeRefusals(current);
    describeOwners(current);
    describeObjects(current);
    describeModelledObjects(current);
    describeRehearsals(current);
  });
}
