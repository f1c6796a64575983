import { InvokeCommand, LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import { Failure, isFailure, relayFunctionName, type ApiExchange, type ClusterIdentity } from "../../ports/index.js";
import { createRelayExchange, type InvokeRelay } from "./relay-exchange.js";

interface RelayOptions {
  readonly cluster: ClusterIdentity;
  /** ARN of the spoke role; null for the caller's own identity. */
  readonly principal: string | null;
  /** Those of the spoke role. */
  readonly credentials: NonNullable<LambdaClientConfig["credentials"]>;
  readonly endpoint: string;
  readonly certificateAuthority: string;
}

/**
 * The way to an API server through the cluster's relay function. Makes no call by itself. Sending throws `Failure`
 * endpoint-unreachable where there is no such function, permission-denied where it may not be called.
 */
export function openRelay({ cluster, principal, credentials, ...server }: RelayOptions): ApiExchange {
  const functionName = relayFunctionName(cluster.name);
  const client = new LambdaClient({ region: cluster.region, credentials });
  const invoke: InvokeRelay = async (event, signal) => {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(event) });
    const { Payload, FunctionError } = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
      throw translateError(error, { functionName, cluster, principal });
    });
    const answer = Buffer.from(Payload ?? []).toString();
    // Lambda's own words only: of a function that died, nobody knows whether the API server was asked.
    if (FunctionError !== undefined) throw interruption(`${functionName} failed: ${errorType(answer)}`);
    return answer;
  };
  return createRelayExchange({ functionName, ...server, invoke, close: () => client.destroy() });
}

interface Asked extends Pick<RelayOptions, "cluster" | "principal"> {
  readonly functionName: string;
}

/** What is not final counts as a connection that was cut: a call that Lambda throttled comes again like any other. */
function translateError(error: unknown, { functionName, cluster, principal }: Asked): unknown {
  if (isFailure(error) || !(error instanceof Error)) return error;
  const { name, message } = error;
  if (name === "AbortError" || name === "TimeoutError") return error;
  if (name === "ResourceNotFoundException") {
    return new Failure({
      code: "endpoint-unreachable",
      message: `The API server of ${cluster.name} cannot be reached: its account has no relay function ${functionName} in ${cluster.region}.`,
      remedy: "Make one with a PrivateDrain in the cluster's VPC, or declare reach: hub for the cluster.",
    });
  }
  if (name.startsWith("AccessDenied")) {
    return new Failure({
      code: "permission-denied",
      message: `${principal ?? "The caller's identity"} may not lambda:InvokeFunction on ${functionName}: ${message}.`,
      remedy: "Make the spoke role with privateDrain: true, and name it as the spokeRoleArn of the PrivateDrain.",
    });
  }
  return interruption(`Lambda did not call ${functionName} (${name}): ${message}`);
}

const interruption = (message: string): Error => Object.assign(new Error(message), { code: "ECONNRESET" });

function errorType(answer: string): string {
  try {
    const { errorType: type, errorMessage: message } = JSON.parse(answer) as Readonly<Record<string, unknown>>;
    return `${String(type)}, ${String(message)}`;
  } catch {
    return "its answer cannot be read";
  }
}
