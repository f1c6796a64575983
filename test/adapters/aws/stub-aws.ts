import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setEnvironment } from "./environment.js";

/** A request as it arrived: `action` is an EKS `METHOD /path`, a query-protocol `Action` or a JSON target's operation. */
export interface AwsAsked {
  readonly action: string;
  readonly query: URLSearchParams;
  /** JSON of an EKS or JSON-protocol request, fields of a query-protocol one. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Who signed it. */
  readonly accessKeyId: string;
  readonly credentialScope: string;
}

export interface AwsReply {
  readonly status?: number;
  /** JSON for EKS and Service Quotas, XML for the others. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StubAws {
  readonly asked: readonly AwsAsked[];
  stop(): Promise<void>;
}

const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIACALLER",
  AWS_SECRET_ACCESS_KEY: "caller-secret",
  AWS_MAX_ATTEMPTS: "1",
  AWS_EC2_METADATA_DISABLED: "true",
};

/**
 * An AWS that answers as `reply` says. Points `AWS_ENDPOINT_URL` and the caller's keys at itself until it is
 * stopped, as a person with an emulator would.
 */
export async function startStubAws(reply: (asked: AwsAsked) => AwsReply): Promise<StubAws> {
  const asked: AwsAsked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://stub");
      const one = readAsked(request, url, body);
      asked.push(one);
      const answer = reply(one);
      response.writeHead(answer.status ?? 200, {
        "content-type": typeof answer.body === "string" ? "text/xml" : "application/json",
        ...answer.headers,
      });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const restore = setEnvironment({ ...KEYS, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
  return {
    asked,
    stop: async () => {
      restore();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** An EKS error as the service writes it. */
export function eksError(status: number, name: string, message: string): AwsReply {
  return { status, body: { message }, headers: { "x-amzn-errortype": name } };
}

/** An error of STS or Auto Scaling as the services write it. */
export function queryError(status: number, code: string, message: string): AwsReply {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status, body };
}

/** An answer to AssumeRole. */
export function assumedRole(accessKeyId: string, expiresAt: Date): AwsReply {
  const fields =
    `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>` +
    `<SessionToken>session</SessionToken><Expiration>${expiresAt.toISOString()}</Expiration>`;
  return {
    body: `<AssumeRoleResponse><AssumeRoleResult><Credentials>${fields}</Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

/** An answer to DescribeAutoScalingGroups; each group is the XML inside its `member`. */
export function autoScalingGroups(groups: readonly string[], nextToken = ""): AwsReply {
  const members = groups.map((group) => `<member>${group}</member>`).join("");
  const next = nextToken && `<NextToken>${nextToken}</NextToken>`;
  return {
    body:
      `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult>` +
      `<AutoScalingGroups>${members}</AutoScalingGroups>${next}` +
      `</DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`,
  };
}

function readAsked({ method = "", headers }: IncomingMessage, url: URL, body: string): AwsAsked {
  const [, operation] = String(headers["x-amz-target"] ?? "").split(".");
  const isQuery = url.pathname === "/" && operation === undefined;
  const fields: Record<string, unknown> = isQuery
    ? Object.fromEntries(new URLSearchParams(body))
    : ((body === "" ? {} : JSON.parse(body)) as Record<string, unknown>);
  const [accessKeyId = "", ...scope] = (/Credential=([^,]+)/.exec(headers.authorization ?? "")?.[1] ?? "").split("/");
  return {
    action: operation ?? (isQuery ? String(fields["Action"]) : `${method} ${url.pathname}`),
    query: url.searchParams,
    body: fields,
    accessKeyId,
    credentialScope: scope.join("/"),
  };
}
