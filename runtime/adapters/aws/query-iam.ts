import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { CredentialsProvider } from "./credentials.js";
import { readXml, xmlText, type XmlElement } from "./xml-tree.js";

const TIMEOUT_MS = 20_000;
const CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8";

/**
 * Sends one request of the IAM query API, signed as the SDKs do; for IAM alone, of which Curfew needs one action, no SDK is
 * carried. Throws errors of the shape that the SDKs throw.
 */
export async function queryIam(
  region: string,
  credentials: CredentialsProvider,
  fields: Readonly<Record<string, string>>,
): Promise<XmlElement> {
  const { url, signingRegion } = endpointOf(region);
  const body = new URLSearchParams({ ...fields, Version: "2010-05-08" }).toString();
  const signer = new SignatureV4({ service: "iam", region: signingRegion, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port && { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers: { host: url.host, "content-type": CONTENT_TYPE },
    body,
  });
  const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
  // The doctor alone asks IAM: nobody else waits for the package to load.
  const { request } = await import("undici");
  const answer = await request(url, { method: "POST", headers, body, ...timeouts });
  const document = readXml(await answer.body.text());
  if (answer.statusCode >= 400) throw errorOf(document, answer.statusCode);
  return document;
}

/** IAM is one service per partition, whatever the cluster's Region. `AWS_ENDPOINT_URL` counts as for the SDKs. */
function endpointOf(region: string): { readonly url: URL; readonly signingRegion: string } {
  const given = process.env["AWS_ENDPOINT_URL_IAM"] ?? process.env["AWS_ENDPOINT_URL"];
  const [host, signingRegion] = region.startsWith("cn-")
    ? ["iam.cn-north-1.amazonaws.com.cn", "cn-north-1"]
    : region.startsWith("us-gov-")
      ? ["iam.us-gov.amazonaws.com", "us-gov-west-1"]
      : ["iam.amazonaws.com", "us-east-1"];
  return { url: new URL(given ?? `https://${host}`), signingRegion };
}

function errorOf(document: XmlElement, httpStatusCode: number): Error {
  const name = xmlText(document, "ErrorResponse", "Error", "Code") || `HTTP ${httpStatusCode}`;
  const message = xmlText(document, "ErrorResponse", "Error", "Message");
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
