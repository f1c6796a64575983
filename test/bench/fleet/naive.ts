import { createMemoryWorkQueue, type ReceivedWork } from "../../../runtime/adapters/memory/work-queue.js";
import { clusterId, parseClusterId, type Clock } from "../../../runtime/ports/index.js";
import { createAwsModel, type AwsModel } from "./aws-model.js";
import { DAY, identitiesOf, type FleetSize } from "./fleet.js";
import { createLambda } from "./lambda.js";
import { seededRandom } from "./quiet-ports.js";
import { CLUSTER, DECLARED } from "./quotas.js";
import { createVirtualClock } from "./virtual-clock.js";

/** The same wave by the design that hubs begin with. */
export interface NaiveFigures {
  readonly convergeMs: number;
  readonly reached: number;
  readonly deadLetters: number;
  readonly calls: number;
  readonly throttles: number;
}

const INVOCATION_SECONDS = 900;
const POLL_MS = 15_000;
const ROLE_ASSUMPTIONS = 4;
const LONGEST_MS = 12 * 3_600_000;

/**
 * One queue, one message per invocation, nothing paced beyond the SDK's retries, a role assumption per client, and each node group
 * polled every 15 s. A message whose calls are throttled to the end comes back after its visibility, five times in all. No
 * twins: instances take as long as the twins' do, under the same quotas.
 */
export async function measureNaive(size: FleetSize, wave: "sleep" | "wake"): Promise<NaiveFigures> {
  const clock = createVirtualClock(DAY.startAt);
  const aws = createAwsModel({ clock, random: seededRandom(42) });
  const queue = createMemoryWorkQueue({ clock });
  const identities = identitiesOf(size);
  await queue.send(
    identities.map((identity, index) => ({
      item: { clusterId: clusterId(identity), operationId: String(index), claimedAt: 0, hop: 0, traceparent: null },
      delaySeconds: 0,
    })),
  );
  let reached = 0;
  let lastAt = clock.now();
  const lambda = createLambda<null>({
    clock,
    queues: [queue],
    batchSize: 1,
    invocationSeconds: INVOCATION_SECONDS,
    newEnvironment: () => null,
    async handle(message) {
      await changeOne(message, wave, aws, clock);
      reached += 1;
      lastAt = clock.now();
    },
  });
  const stop = new AbortController();
  const running = lambda.run(stop.signal);
  const isOver = () => reached + queue.deadLetters().length >= size.clusters;
  while (!isOver() && clock.now() < DAY.startAt + LONGEST_MS) await clock.sleep(1_000);
  stop.abort();
  await running;
  return {
    convergeMs: lastAt - DAY.startAt,
    reached,
    deadLetters: queue.deadLetters().length,
    calls: total(aws.counts.calls),
    throttles: total(aws.counts.throttles),
  };
}

async function changeOne({ item }: ReceivedWork, wave: "sleep" | "wake", aws: AwsModel, clock: Clock): Promise<void> {
  const { account, region } = parseClusterId(item.clusterId)!;
  const call = (service: "eks" | "sts", kind: "read" | "write") =>
    aws.call({ account: service === "sts" ? "caller" : account, region, service, kind }, null);
  const groups = Array.from({ length: CLUSTER.groups });
  for (let role = 0; role < ROLE_ASSUMPTIONS; role += 1) await call("sts", "write");
  await call("eks", "read");
  await call("eks", "read");
  await Promise.all(groups.map(() => call("eks", "read")));
  if (wave === "sleep") await clock.sleep(DECLARED.graceMs);
  await Promise.all(
    groups.map(async () => {
      await call("eks", "write");
      const doneAt = clock.now() + waitMs(wave, aws.scalingWaitMs(account, RUN[wave], CLUSTER.nodesPerGroup));
      do {
        await clock.sleep(POLL_MS);
        await call("eks", "read");
      } while (clock.now() < doneAt);
    }),
  );
}

const RUN = { sleep: "terminate", wake: "run" } as const;

function waitMs(wave: "sleep" | "wake", tokensMs: number): number {
  const { updateMs, terminateMs, bootMs, readyMs } = DECLARED;
  return updateMs + tokensMs + (wave === "sleep" ? terminateMs : bootMs + readyMs);
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
