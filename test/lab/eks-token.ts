import { Sha256 } from "@aws-crypto/sha256-js";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Lab, LabCluster } from "./lab.js";

/** Credentials as STS gives them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Assumes a role with the hub's credentials, through the lab's AWS endpoint. */
export async function assumeRole(lab: Lab, roleArn: string): Promise<SessionCredentials> {
  const sts = new STSClient({
    region: lab.environment["AWS_REGION"] ?? "",
    endpoint: lab.aws.endpointUrl,
    maxAttempts: 1,
    credentials: {
      accessKeyId: lab.environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: lab.environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  });
  const answer = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "lab" }));
  sts.destroy();
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = answer.Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/**
 * A bearer token for a cluster as EKS takes it: a presigned GetCallerIdentity. Written apart from the product's
 * own, so that the lab and the product do not share a mistake.
 */
export async function eksToken(
  { name, region }: Pick<LabCluster, "name" | "region">,
  credentials: SessionCredentials,
  signingDate = new Date(),
): Promise<string> {
  const hostname = `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      headers: { host: hostname, "x-k8s-aws-id": name },
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    },
    { expiresIn: 60, signingDate },
  );
  const query = Object.entries(signed.query ?? {}).map(([key, value]) => `${encode(key)}=${encode(String(value))}`);
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query.join("&")}`).toString("base64url")}`;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
