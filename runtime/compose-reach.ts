import type { CredentialsProvider } from "./adapters/aws/credentials.js";
import type { TokenSource } from "./adapters/kubernetes/transport.js";
import {
  Failure,
  isFailure,
  outOfReach,
  wayInto,
  type ApiExchange,
  type Clock,
  type ClusterAccess,
  type ClusterIdentity,
  type EndpointFacts,
  type Kubernetes,
} from "./ports/index.js";

interface Reaching {
  readonly identity: ClusterIdentity;
  readonly access: ClusterAccess;
  readonly facts: EndpointFacts;
  readonly credentials: CredentialsProvider;
  readonly token: TokenSource;
  readonly clock: Clock;
  readonly options: { readonly requestTimeoutMs: number } | undefined;
}

/**
 * The Kubernetes port of one cluster, straight or through its relay. What it needs is loaded at the first cluster, Lambda's
 * SDK at the first private one. Throws `Failure` endpoint-unreachable for a cluster declared out of reach.
 */
export async function reachKubernetes(reaching: Reaching): Promise<Kubernetes> {
  const { identity, access, facts, token, clock, options } = reaching;
  const exchange = await openExchange(reaching);
  const { createKubernetes } = await import("./adapters/kubernetes/kubernetes.js");
  return createKubernetes({
    server: facts.endpoint,
    certificateAuthority: facts.certificateAuthority,
    clock,
    ...options,
    ...(exchange && { exchange }),
    token,
    describe: { cluster: identity.name, region: identity.region, principal: access.roleArn ?? null },
  });
}

/** Null for the adapter's own connection. */
async function openExchange({ identity, access, facts, credentials }: Reaching): Promise<ApiExchange | null> {
  const way = wayInto(access, facts);
  if (way === "none") throw new Failure(outOfReach(identity.name));
  if (way === "direct") return null;
  const { endpoint, certificateAuthority } = facts;
  const { openRelay } = await import("./adapters/lambda/invoke-relay.js");
  const principal = access.roleArn ?? null;
  const relay = openRelay({ cluster: identity, principal, credentials, endpoint, certificateAuthority });
  if (way === "relay") return relay;
  const { createDirectExchange } = await import("./adapters/kubernetes/direct-exchange.js");
  return eitherOf(relay, createDirectExchange({ server: endpoint, certificateAuthority }));
}

/** Takes `second` for good once `first` proves not to be there. */
export function eitherOf(first: ApiExchange, second: ApiExchange): ApiExchange {
  let chosen = first;
  return {
    async send(request, signal) {
      try {
        return await chosen.send(request, signal);
      } catch (error) {
        if (chosen !== first || !isAbsence(error)) throw error;
        chosen = second;
        return second.send(request, signal);
      }
    },
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
}

/** No such function, or none for us: nothing was asked of the API server. */
function isAbsence(error: unknown): boolean {
  return isFailure(error) && (error.code === "endpoint-unreachable" || error.code === "permission-denied");
}
