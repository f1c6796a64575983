import type { MemoryWorld } from "../../../runtime/adapters/memory/world.js";
import type {
  Capacity,
  ClusterConnector,
  ClusterIdentity,
  GroupSize,
  NodeGroup,
  Pacer,
} from "../../../runtime/ports/index.js";
import type { AwsModel, CallKey } from "./aws-model.js";
import { CLUSTER, DECLARED } from "./quotas.js";

interface Meter {
  readonly aws: AwsModel;
  readonly world: MemoryWorld;
  readonly pacer: Pacer;
  /** Sessions that this process holds, as `cluster operation`. */
  readonly sessions: Set<string>;
  readonly operationId: string;
}

const NAMES_PER_CALL = 100;

/** The way to the twins that charges each method's API calls to the account, as runtime/adapters/aws makes them. */
export function createMeteredConnector(meter: Meter): ClusterConnector {
  const twins = meter.world.connector();
  return {
    capacity: async (identity, access) => meterCapacity(await twins.capacity(identity, access), identity, meter),
    kubernetes: (identity, access, facts, options) => twins.kubernetes(identity, access, facts, options),
  };
}

function meterCapacity(twin: Capacity, identity: ClusterIdentity, meter: Meter): Capacity {
  const successful = new Set<string>();
  const { aws, pacer } = meter;
  const { account, region } = identity;

  async function charge(service: CallKey["service"], kind: CallKey["kind"], times = 1): Promise<void> {
    await assumeRole(identity, meter);
    const key = { account, region, service, kind };
    await Promise.all(Array.from({ length: times }, () => aws.call(key, pacer)));
  }

  return {
    ...twin,
    async describeCluster() {
      await charge("eks", "read");
      return twin.describeCluster();
    },
    async listGroups() {
      const nodegroups = async () => {
        await charge("eks", "read");
        await charge("eks", "read", CLUSTER.groups);
      };
      await Promise.all([nodegroups(), charge("autoscaling", "read")]);
      return twin.listGroups();
    },
    async readInstances(groups) {
      await charge("autoscaling", "read", Math.ceil(groups.length / NAMES_PER_CALL));
      return twin.readInstances(groups);
    },
    async resize(group, size, token) {
      await charge("eks", "write");
      scaleAtQuota(group, size, identity, meter);
      return twin.resize(group, size, token);
    },
    async resizeStatus(group, updateId) {
      // The adapter asks no more for an update that has ended well.
      if (!successful.has(updateId)) await charge("eks", "read");
      const status = await twin.resizeStatus(group, updateId);
      if (status.kind === "successful") successful.add(updateId);
      return status;
    },
    async scalingActivities(group) {
      await charge("autoscaling", "read");
      return twin.scalingActivities(group);
    },
    async instanceStates(ids) {
      if (ids.length > 0) await charge("ec2", "read", Math.ceil(ids.length / NAMES_PER_CALL));
      return twin.instanceStates(ids);
    },
  };
}

/** Once per operation on a cluster in each process, charged to the hub's account. */
async function assumeRole({ region, name, account }: ClusterIdentity, meter: Meter): Promise<void> {
  const session = `${account}/${name} ${meter.operationId}`;
  if (meter.sessions.has(session)) return;
  meter.sessions.add(session);
  await meter.aws.call({ account: "caller", region, service: "sts", kind: "write" }, meter.pacer);
}

/** The account's launch and terminate tokens decide how long the twin's group takes. */
function scaleAtQuota(
  group: NodeGroup,
  { desired }: GroupSize,
  identity: ClusterIdentity,
  { aws, world }: Meter,
): void {
  const change = desired - (group.observed?.size.desired ?? group.size.desired);
  const waitMs = aws.scalingWaitMs(identity.account, change > 0 ? "run" : "terminate", Math.abs(change));
  const { bootMs, terminateMs } = DECLARED;
  world
    .cluster(identity)
    .setTimings(group.id, change > 0 ? { bootMs: bootMs + waitMs } : { terminateMs: terminateMs + waitMs });
}
