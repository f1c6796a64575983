import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  CreateNodegroupCommand,
  DeleteNodegroupCommand,
  EKSClient,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";

import { setEnvironment } from "../adapters/aws/environment.js";
import { startLab, type ClusterSpec, type Lab, type LabCluster, type LabOptions } from "../lab/index.js";
import { until } from "../lab/until.js";
import { clearNamespace, cordonedNodes, setCordon } from "./look.js";
import { startResizeRecorder, type ResizeRecorder } from "./resize-recorder.js";

/** The lab of one test file, with what its tests share. */
export interface Stage extends AsyncDisposable {
  readonly lab: Lab;
  readonly resizes: ResizeRecorder;
  /** A path for a state file that does not exist yet. */
  freshStatePath(): string;
  /** What an administrator of the cluster's account does by hand. */
  administrator(cluster: LabCluster): Administrator;
  /** Brings a cluster back to how it was started, after whatever a test left: sizes, cordons, faults, workloads. */
  reset(cluster: LabCluster, namespaces: readonly string[]): Promise<void>;
}

export interface Administrator {
  resize(group: string, size: GroupFigures): Promise<void>;
  addGroup(group: string, size: GroupFigures): Promise<void>;
  removeGroup(group: string): Promise<void>;
}

/** `[min, desired, max]` */
type GroupFigures = readonly [min: number, desired: number, max: number];

/** Starts the lab and points this process's AWS clients at it, past a recorder of sizes. Undone by disposing. */
export async function openStage(options: LabOptions): Promise<Stage> {
  await using starting = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "curfew-e2e-"));
  starting.defer(() => rmSync(folder, { recursive: true }));
  const lab = starting.use(await startLab(options));
  const resizes = await startResizeRecorder(lab.aws.endpointUrl);
  starting.defer(() => resizes.close());
  starting.defer(setEnvironment({ ...lab.environment, AWS_ENDPOINT_URL: resizes.url }));
  const running = starting.move();
  let stateFiles = 0;
  return {
    lab,
    resizes,
    freshStatePath: () => join(folder, `${(stateFiles += 1)}.db`),
    administrator: (cluster) => administrator(lab, cluster),
    async reset(cluster, namespaces) {
      lab.aws.clearFaults();
      for (const namespace of namespaces) await clearNamespace(cluster, namespace);
      await resetGroups(lab, cluster, specOf(options, cluster));
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function specOf({ clusters }: LabOptions, { name }: LabCluster): ClusterSpec {
  const spec = clusters.find((each) => each.name === name);
  if (!spec) throw new Error(`the stage has no cluster ${name}`);
  return spec;
}

async function resetGroups(lab: Lab, cluster: LabCluster, { groups }: ClusterSpec): Promise<void> {
  const root = administrator(lab, cluster);
  for (const { name, kind, min, desired, max } of groups) {
    const group = cluster.group(name);
    await group.allowLaunches();
    await group.resumeProcesses();
    const live = await group.read();
    if (live.min === min && live.desired === desired && live.max === max) continue;
    if (kind === "managed") await root.resize(name, [min, desired, max]);
    else await group.resize({ min, desired, max });
  }
  await cluster.waitForNodes(groups.reduce((sum, { desired }) => sum + desired, 0));
  for (const node of await cordonedNodes(cluster)) await setCordon(cluster, node, false);
}

function administrator(lab: Lab, { name: clusterName, account, region }: LabCluster): Administrator {
  const credentials = { accessKeyId: account, secretAccessKey: lab.environment["AWS_SECRET_ACCESS_KEY"] ?? "" };
  const eks = new EKSClient({ region, endpoint: lab.aws.endpointUrl, credentials });
  const scaling = ([minSize, desiredSize, maxSize]: GroupFigures) => ({ minSize, desiredSize, maxSize });
  return {
    async resize(nodegroupName, size) {
      const command = { clusterName, nodegroupName, scalingConfig: scaling(size) };
      // EKS refuses while an update of the test's own is still under way.
      await until(() => eks.send(new UpdateNodegroupConfigCommand(command)));
    },
    async addGroup(nodegroupName, size) {
      const nodeRole = `arn:aws:iam::${account}:role/eks-node`;
      const subnets = [`subnet-${region}a`];
      const scalingConfig = scaling(size);
      await eks.send(new CreateNodegroupCommand({ clusterName, nodegroupName, nodeRole, subnets, scalingConfig }));
    },
    async removeGroup(nodegroupName) {
      await eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName }));
    },
  };
}
