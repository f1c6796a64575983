import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Clock } from "../../ports/index.js";
import type { Credentials, CredentialsProvider } from "./credentials.js";

interface EksTokenOptions {
  /** The EKS cluster's name: part of what is signed, so that a token serves no other cluster. */
  readonly cluster: string;
  readonly region: string;
  readonly credentials: CredentialsProvider;
  readonly clock: Clock;
}

const PREFIX = "k8s-aws-v1.";
/** The cluster accepts a token for 15 minutes from its signing, whatever `X-Amz-Expires` says (aws.md §7). */
const REFRESH_AFTER_MS = 14 * 60_000;
const EXPIRES_SECONDS = 60;
/** A token falls with the credentials that signed it. */
const CREDENTIALS_MARGIN_MS = 60_000;

/**
 * Makes bearer tokens for one cluster's API server: a presigned STS GetCallerIdentity (aws.md §7). Signing is local.
 * Gives the same token for 14 minutes; given a token that was `rejected`, signs a new one.
 */
export function createEksTokens({
  cluster,
  region,
  credentials,
  clock,
}: EksTokenOptions): (rejected?: string) => Promise<string> {
  let current: { readonly token: string; readonly refreshAt: number } | undefined;

  return async (rejected) => {
    if (current && current.token !== rejected && clock.now() < current.refreshAt) return current.token;
    const identity = await credentials();
    const signedAt = clock.now();
    const token = await signToken(cluster, region, identity, signedAt);
    current = { token, refreshAt: Math.min(signedAt + REFRESH_AFTER_MS, usableUntil(identity)) };
    return token;
  };
}

function usableUntil({ expiration }: Credentials): number {
  return expiration ? expiration.getTime() - CREDENTIALS_MARGIN_MS : Number.POSITIVE_INFINITY;
}

async function signToken(cluster: string, region: string, credentials: Credentials, signedAt: number): Promise<string> {
  // The real host, even under AWS_ENDPOINT_URL: the cluster's authenticator accepts no other.
  const hostname = stsHost(region);
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Sha256 });
  const { query } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      headers: { host: hostname, "x-k8s-aws-id": cluster },
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    },
    { expiresIn: EXPIRES_SECONDS, signingDate: new Date(signedAt) },
  );
  return PREFIX + Buffer.from(`https://${hostname}/?${encodeQuery(query ?? {})}`).toString("base64url");
}

function stsHost(region: string): string {
  return `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

function encodeQuery(query: Readonly<Record<string, string | string[] | null>>): string {
  return Object.entries(query)
    .map(([key, value]) => `${encodeStrictly(key)}=${encodeStrictly(String(value ?? ""))}`)
    .join("&");
}

/** RFC 3986, as the signature was computed; encodeURIComponent leaves `!'()*` alone. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
