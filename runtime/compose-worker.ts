import { createAwsCapacity } from "./adapters/aws/capacity.js";
import { createAwsClients, type AwsClientCache } from "./adapters/aws/clients.js";
import { createEksTokens } from "./adapters/aws/eks-token.js";
import { openDynamoStore } from "./adapters/dynamodb/store.js";
import { createAnnouncer } from "./adapters/sns/announcer.js";
import { createSqsClient } from "./adapters/sqs/client.js";
import { parseWorkItem } from "./adapters/sqs/message.js";
import { createSqsWorkQueue } from "./adapters/sqs/work-queue.js";
import { createSystemClock } from "./adapters/system/clock.js";
import { createSystemRandom } from "./adapters/system/random.js";
import { openHubTelemetry, queueUrlOf, rhythmOf } from "./compose-hub.js";
import { reachKubernetes } from "./compose-reach.js";
import { createBreaker } from "./fleet/breaker/index.js";
import { createPacer } from "./fleet/pace/index.js";
import { rememberDeclarations } from "./fleet/worker/index.js";
import type { HubSettings } from "./lambda/environment.js";
import type { Worker } from "./lambda/worker-handler.js";
import type { Clock, ClusterConnector } from "./ports/index.js";
import { executeRun } from "./run/index.js";

/** A worker, wired to real adapters. Makes no call. */
export async function composeWorker(settings: HubSettings): Promise<Worker> {
  const { region, table, shards, topicArn, busName, tellSuccess } = settings;
  const { telemetry, log, progress } = await openHubTelemetry(settings, "worker");
  const clock = createSystemClock();
  const random = createSystemRandom();
  const store = openDynamoStore({ region, table, shards });
  const ledger = { ledger: store, clock, random };
  const warn = (message: string) => log("warn", message);
  const pacer = createPacer({ ...ledger, onBlind: warn });
  const clients = createAwsClients({ clock, operationId: "curfew-worker", pacer, sessionFor: "cluster" });
  const ports = {
    clock,
    random,
    store,
    fleet: store,
    progress,
    telemetry,
    queue: createSqsWorkQueue({ client: createSqsClient(), queueUrlOf: queueUrlOf(settings) }),
    announcer: createAnnouncer({ topicArn, busName, tellSuccess, warn }),
    breaker: createBreaker(ledger),
    execute: executeRun,
    parseDeclaration: rememberDeclarations(),
  };
  return {
    portsFor: ({ operationId }) => ({ ...ports, connector: connectorOf(clients, operationId, clock) }),
    // Programs on the bus hear of every success; whether people on the topic do is the announcer's to know.
    options: { rhythm: rhythmOf(settings), announce: { success: true } },
    telemetry,
    parseItem: parseWorkItem,
    log,
  };
}

/** Into clusters as one operation. The Kubernetes client is loaded with the first cluster whose pods are looked at. */
function connectorOf(clients: AwsClientCache, operationId: string, clock: Clock): ClusterConnector {
  return {
    capacity: (identity, access) =>
      Promise.resolve(
        createAwsCapacity({ identity, access, clients: clients.clientsFor(identity, access, operationId) }),
      ),
    async kubernetes(identity, access, facts, options) {
      const { name, region } = identity;
      const { credentials } = clients.clientsFor(identity, access, operationId);
      const token = createEksTokens({ cluster: name, region, credentials, clock });
      return reachKubernetes({ identity, access, facts, credentials, token, clock, options });
    },
  };
}
