import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Clock, ClusterAccess, Pacer } from "../../ports/index.js";
import { paceCalls } from "./pace-calls.js";
import { translateAwsError } from "./translate-error.js";

/** Keys, and the token and expiry of temporary ones. A secret: never to be logged. */
export type Credentials = Awaited<ReturnType<ReturnType<typeof fromNodeProviderChain>>>;

/** Gives valid credentials, the same ones until they near their end. Throws `Failure` credentials-missing, credentials-expired, role-refused, unavailable. */
export type CredentialsProvider = () => Promise<Credentials>;

/** The longest session that role chaining allows, hub role to spoke role (aws.md §1). */
const SESSION_SECONDS = 3600;
const REFRESH_AHEAD_MS = 10 * 60_000;

interface RoleRequest {
  readonly access: ClusterAccess & { readonly roleArn: string };
  /** STS answers from the cluster's own Region: each has its own quota. */
  readonly region: string;
  readonly sessionName: string;
  /** What the session may do at most, as IAM policy JSON; absent: whatever the role may. */
  readonly sessionPolicy?: string | undefined;
  /** Whose identity assumes the role. */
  readonly caller: CredentialsProvider;
  readonly requestHandler: NodeHttpHandler;
  /** AssumeRole is charged to the caller's account alone (aws.md §1). */
  readonly pacer?: Pacer | undefined;
}

/** The account whose credentials Curfew starts with, whichever it is: one hub, one account. */
const CALLER_ACCOUNT = "caller";

/** The caller's own credentials: environment, profile, SSO, container or instance, in the SDK's order. */
export function callerCredentials(clock: Clock): CredentialsProvider {
  const load = fromNodeProviderChain();
  return memoizeCredentials(async () => translated(load(), { access: {} }), clock);
}

/** A spoke role's credentials, one AssumeRole per hour whoever asks. */
export function roleCredentials(
  { access, region, sessionName, sessionPolicy, caller, requestHandler, pacer }: RoleRequest,
  clock: Clock,
): CredentialsProvider {
  const load = fromTemporaryCredentials({
    masterCredentials: caller,
    clientConfig: { region, requestHandler },
    ...(pacer && { clientPlugins: [paceCalls(pacer, { account: CALLER_ACCOUNT, region, service: "sts" })] }),
    params: {
      RoleArn: access.roleArn,
      RoleSessionName: sessionName,
      DurationSeconds: SESSION_SECONDS,
      ...(access.externalId !== undefined && { ExternalId: access.externalId }),
      ...(sessionPolicy !== undefined && { Policy: sessionPolicy }),
    },
  });
  return memoizeCredentials(async () => translated(load(), { access, region }), clock);
}

async function translated(
  credentials: Promise<Credentials>,
  asked: { readonly access: ClusterAccess; readonly region?: string },
): Promise<Credentials> {
  try {
    return await credentials;
  } catch (error) {
    throw translateAwsError(error, { action: "sts:AssumeRole", ...asked });
  }
}

/**
 * Remembers credentials until ten minutes before their end, and asks once however many wait.
 * `memoized` tells every SDK client not to wrap the provider in a cache of its own, which would
 * cost one AssumeRole per client (aws.md §1).
 */
export function memoizeCredentials(load: () => Promise<Credentials>, clock: Clock): CredentialsProvider {
  let current: Credentials | undefined;
  let pending: Promise<Credentials> | undefined;

  async function renew(): Promise<Credentials> {
    try {
      return (current = await load());
    } catch (error) {
      // A renewal comes ahead of need: while the old ones still hold, a fault of STS harms nobody.
      if (current && lifetimeMs(current, clock) > 0) return current;
      throw error;
    } finally {
      pending = undefined;
    }
  }

  async function provide(): Promise<Credentials> {
    if (current && lifetimeMs(current, clock) > REFRESH_AHEAD_MS) return current;
    return (pending ??= renew());
  }

  return Object.assign(provide, { memoized: true });
}

function lifetimeMs({ expiration }: Credentials, clock: Clock): number {
  return expiration ? expiration.getTime() - clock.now() : Number.POSITIVE_INFINITY;
}

/** An operation id as a `RoleSessionName`, so that CloudTrail names the operation: 2 to 64 characters of STS's alphabet. */
export function roleSessionName(operationId: string): string {
  return operationId
    .replaceAll(/[^\w+=,.@-]/g, "-")
    .slice(0, 64)
    .padEnd(2, "-");
}
