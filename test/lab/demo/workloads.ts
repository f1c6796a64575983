import type { ClusterSpec, Lab, LabCluster } from "../index.js";
import { deployment, disruptionBudget, statefulSet, untilBudgetObserved, untilReady } from "../workload.js";

/** The clusters that stacks/Pulumi.lab.yaml declares. */
export const CLUSTERS: readonly ClusterSpec[] = [
  {
    name: "alpha",
    account: "111111111111",
    region: "eu-west-1",
    groups: [
      { name: "general", kind: "managed", min: 1, desired: 3, max: 6 },
      { name: "batch", kind: "self-managed", min: 0, desired: 2, max: 4 },
    ],
  },
  {
    name: "beta",
    account: "222222222222",
    region: "eu-west-1",
    groups: [{ name: "general", kind: "managed", min: 2, desired: 2, max: 3 }],
  },
  {
    name: "gamma",
    account: "111111111111",
    region: "eu-west-1",
    groups: [{ name: "general", kind: "managed", min: 1, desired: 1, max: 2 }],
  },
];

const NAMESPACE = "shop";
const POD = { graceSeconds: 2, annotations: { "lab/shutdown": "grace" } };

/**
 * alpha: `web` leaves within its budget, `ledger` is held by its own until its owner is scaled. beta: `db` is held until the
 * deadline and then deleted. gamma: `web` just runs.
 */
export async function populate(lab: Lab): Promise<void> {
  await Promise.all(
    lab.clusters.map(({ admin }) => admin.core.createNamespace({ body: { metadata: { name: NAMESPACE } } })),
  );
  await Promise.all([
    addDeployment(lab.cluster("alpha"), "web", { replicas: 8, maxUnavailable: 2 }),
    addDeployment(lab.cluster("alpha"), "ledger", { replicas: 2, minAvailable: 2 }),
    addDeployment(lab.cluster("beta"), "web", { replicas: 4, maxUnavailable: 1 }),
    addDatabase(lab.cluster("beta")),
    addDeployment(lab.cluster("gamma"), "web", { replicas: 2, maxUnavailable: 1 }),
  ]);
}

async function addDeployment(
  { admin }: LabCluster,
  name: string,
  {
    replicas,
    ...budget
  }: { readonly replicas: number; readonly minAvailable?: number; readonly maxUnavailable?: number },
): Promise<void> {
  const named = { namespace: NAMESPACE, name };
  await admin.apps.createNamespacedDeployment({ namespace: NAMESPACE, body: deployment(named, replicas, POD) });
  await admin.policy.createNamespacedPodDisruptionBudget({
    namespace: NAMESPACE,
    body: disruptionBudget(named, name, budget),
  });
  await untilReady(admin, named, replicas);
  await untilBudgetObserved(admin, named, replicas);
}

async function addDatabase({ admin }: LabCluster): Promise<void> {
  const named = { namespace: NAMESPACE, name: "db" };
  await admin.apps.createNamespacedStatefulSet({ namespace: NAMESPACE, body: statefulSet(named, 1, POD) });
  const budget = disruptionBudget(named, "db", { minAvailable: 1 });
  await admin.policy.createNamespacedPodDisruptionBudget({ namespace: NAMESPACE, body: budget });
  await untilReady(admin, named, 1);
  await untilBudgetObserved(admin, named, 1);
}
