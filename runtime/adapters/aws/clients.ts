import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { MiddlewareStack } from "@smithy/types";
import type { Clock, ClusterAccess, ClusterIdentity, Pacer, PaceKey } from "../../ports/index.js";
import { callerCredentials, roleCredentials, roleSessionName, type CredentialsProvider } from "./credentials.js";
import { paceCalls } from "./pace-calls.js";
import { sessionPolicy } from "./session-policy.js";

/** The clients for one account and Region; they share one credentials provider. */
export interface AwsClients {
  readonly eks: EKSClient;
  readonly autoScaling: AutoScalingClient;
  /** Loads its SDK, by far the largest, at the first need. */
  readonly ec2: () => Promise<EC2Client>;
  /** Loads its SDK at the first need, which is a pre-flight's alone. */
  readonly serviceQuotas: () => Promise<ServiceQuotasClient>;
  readonly credentials: CredentialsProvider;
}

interface AwsClientsOptions {
  readonly clock: Clock;
  /** Becomes the role session's name where no other operation is named. */
  readonly operationId: string;
  /** How many sets of clients are kept; the one unused for longest goes first. */
  readonly maxAccounts?: number;
  /** Stands before every attempt of every call; absent: only the SDK's own retries slow calls down. */
  readonly pacer?: Pacer;
  /**
   * Whom a role's session is for. `account`: all clusters of an account and Region, one AssumeRole an hour. `cluster`: one
   * operation on one cluster, by whose id CloudTrail names the session and whose policy lets it touch no other; one
   * AssumeRole for each, of which STS takes 600 a second (aws.md §1). Default account.
   */
  readonly sessionFor?: "account" | "cluster";
}

/** Clients by account, Region and access. */
export interface AwsClientCache {
  /** Makes no call. The same account, Region and access (and cluster and operation, with sessions for those) give the same clients. */
  clientsFor(cluster: ClusterIdentity, access: ClusterAccess, operationId?: string): AwsClients;
  /** Closes connections. Calling twice is safe; clients given out must not be used after. */
  close(): void;
}

/** What every SDK client has, whatever its commands. */
interface Stacked<In extends object, Out extends object> {
  readonly middlewareStack: MiddlewareStack<In, Out>;
}

const DEFAULT_MAX_ACCOUNTS = 64;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 20_000;
const MAX_SOCKETS = 64;

/**
 * Clients built once per account and Region. Retries are the SDK's own standard ones (aws.md §11), and
 * `AWS_ENDPOINT_URL` is the SDK's to read.
 */
export function createAwsClients({
  clock,
  operationId: ownOperationId,
  maxAccounts = DEFAULT_MAX_ACCOUNTS,
  pacer,
  sessionFor = "account",
}: AwsClientsOptions): AwsClientCache {
  const requestHandler = sharedRequestHandler();
  const caller = callerCredentials(clock);
  const cache = new Map<string, AwsClients>();

  function credentialsFor(cluster: ClusterIdentity, access: ClusterAccess, sessionName: string): CredentialsProvider {
    const { roleArn } = access;
    if (roleArn === undefined) return caller;
    const policy = sessionFor === "cluster" ? sessionPolicy(cluster) : undefined;
    const { region } = cluster;
    const request = { access: { ...access, roleArn }, region, sessionName, sessionPolicy: policy };
    return roleCredentials({ ...request, caller, requestHandler, pacer }, clock);
  }

  function build(cluster: ClusterIdentity, access: ClusterAccess, operationId: string): AwsClients {
    const { account, region } = cluster;
    const credentials = credentialsFor(cluster, access, roleSessionName(operationId));
    const config = { region, credentials, requestHandler };
    function pace<In extends object, Out extends object>(
      service: PaceKey["service"],
      { middlewareStack }: Stacked<In, Out>,
    ): void {
      if (pacer) middlewareStack.use(paceCalls(pacer, { account, region, service }));
    }
    const eks = new EKSClient(config);
    const autoScaling = new AutoScalingClient(config);
    pace("eks", eks);
    pace("autoscaling", autoScaling);
    async function loadEc2(): Promise<EC2Client> {
      const { EC2Client } = await import("@aws-sdk/client-ec2");
      const client = new EC2Client(config);
      pace("ec2", client);
      return client;
    }
    let ec2: Promise<EC2Client> | undefined;
    let serviceQuotas: Promise<ServiceQuotasClient> | undefined;
    return {
      eks,
      autoScaling,
      ec2: () => (ec2 ??= loadEc2()),
      serviceQuotas: () =>
        (serviceQuotas ??= import("@aws-sdk/client-service-quotas").then(
          ({ ServiceQuotasClient }) => new ServiceQuotasClient(config),
        )),
      credentials,
    };
  }

  function clientsFor(cluster: ClusterIdentity, access: ClusterAccess, operationId = ownOperationId): AwsClients {
    const own = sessionFor === "cluster" && access.roleArn !== undefined ? [cluster.name, operationId] : [];
    const key = JSON.stringify([cluster.account, cluster.region, access.roleArn, access.externalId, ...own]);
    const clients = cache.get(key) ?? build(cluster, access, operationId);
    // Set anew, it is the youngest: a Map keeps the order of insertion.
    cache.delete(key);
    cache.set(key, clients);
    for (const oldest of cache.keys()) if (cache.size > maxAccounts) cache.delete(oldest);
    return clients;
  }

  // A client's own destroy() would close the connections of all: they share the handler.
  return { clientsFor, close: () => requestHandler.destroy() };
}

function sharedRequestHandler(): NodeHttpHandler {
  const agentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return new NodeHttpHandler({
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    httpAgent: new HttpAgent(agentOptions),
    httpsAgent: new HttpsAgent(agentOptions),
  });
}
