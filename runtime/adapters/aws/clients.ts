import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Clock, ClusterAccess, ClusterIdentity } from "../../ports/index.js";
import { callerCredentials, roleCredentials, roleSessionName, type CredentialsProvider } from "./credentials.js";

/** The clients for one account and Region; they share one credentials provider. */
export interface AwsClients {
  readonly eks: EKSClient;
  readonly autoScaling: AutoScalingClient;
  /** Loads its SDK, by far the largest, at the first need. */
  readonly ec2: () => Promise<EC2Client>;
  readonly credentials: CredentialsProvider;
}

interface AwsClientsOptions {
  readonly clock: Clock;
  /** Becomes the role session's name. */
  readonly operationId: string;
  /** How many accounts are kept; the one unused for longest goes first. */
  readonly maxAccounts?: number;
}

/** Clients by account, Region and access. */
export interface AwsClientCache {
  /** Makes no call. The same account, Region and access give the same clients. */
  clientsFor(cluster: ClusterIdentity, access: ClusterAccess): AwsClients;
  /** Closes connections. Calling twice is safe; clients given out must not be used after. */
  close(): void;
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
  operationId,
  maxAccounts = DEFAULT_MAX_ACCOUNTS,
}: AwsClientsOptions): AwsClientCache {
  const requestHandler = sharedRequestHandler();
  const caller = callerCredentials(clock);
  const sessionName = roleSessionName(operationId);
  const cache = new Map<string, AwsClients>();

  function build({ region }: ClusterIdentity, access: ClusterAccess): AwsClients {
    const { roleArn } = access;
    const credentials =
      roleArn === undefined
        ? caller
        : roleCredentials({ access: { ...access, roleArn }, region, sessionName, caller, requestHandler }, clock);
    const config = { region, credentials, requestHandler };
    let ec2: Promise<EC2Client> | undefined;
    return {
      eks: new EKSClient(config),
      autoScaling: new AutoScalingClient(config),
      ec2: () => (ec2 ??= import("@aws-sdk/client-ec2").then(({ EC2Client }) => new EC2Client(config))),
      credentials,
    };
  }

  function clientsFor(cluster: ClusterIdentity, access: ClusterAccess): AwsClients {
    const key = JSON.stringify([cluster.account, cluster.region, access.roleArn, access.externalId]);
    const clients = cache.get(key) ?? build(cluster, access);
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
