/** What an AWS request asks for, read from the wire. */
export interface AwsRequest {
  /** The access key that signed it; empty when it is not signed. */
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name: eks, autoscaling, ec2, sts … */
  readonly service: string;
  /** Operation name as in the API reference, such as UpdateNodegroupConfig. */
  readonly action: string;
}

export interface HttpRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** EKS is a REST API, so its operations are known by method and path; more specific paths come first. */
const EKS_ROUTES: readonly (readonly [method: string, path: RegExp, action: string])[] = [
  ["GET", /^\/clusters$/, "ListClusters"],
  ["POST", /^\/clusters$/, "CreateCluster"],
  ["POST", /^\/clusters\/[^/]+\/node-groups\/[^/]+\/update-config$/, "UpdateNodegroupConfig"],
  ["GET", /^\/clusters\/[^/]+\/node-groups\/[^/]+$/, "DescribeNodegroup"],
  ["DELETE", /^\/clusters\/[^/]+\/node-groups\/[^/]+$/, "DeleteNodegroup"],
  ["GET", /^\/clusters\/[^/]+\/node-groups$/, "ListNodegroups"],
  ["POST", /^\/clusters\/[^/]+\/node-groups$/, "CreateNodegroup"],
  ["GET", /^\/clusters\/[^/]+\/updates\/[^/]+$/, "DescribeUpdate"],
  ["GET", /^\/clusters\/[^/]+\/updates$/, "ListUpdates"],
  ["GET", /^\/clusters\/[^/]+\/access-entries$/, "ListAccessEntries"],
  ["POST", /^\/clusters\/[^/]+\/access-entries$/, "CreateAccessEntry"],
  ["GET", /^\/clusters\/[^/]+\/access-entries\/.+$/, "DescribeAccessEntry"],
  ["GET", /^\/clusters\/[^/]+\/addons$/, "ListAddons"],
  ["GET", /^\/clusters\/[^/]+\/addons\/[^/]+$/, "DescribeAddon"],
  ["GET", /^\/clusters\/[^/]+$/, "DescribeCluster"],
  ["DELETE", /^\/clusters\/[^/]+$/, "DeleteCluster"],
];

/** Reads account key, service and action from a signed request. Never fails: what it cannot tell is empty or a path. */
export function parseAwsRequest(request: HttpRequest): AwsRequest {
  const authorization = String(request.headers["authorization"] ?? "");
  const [accessKeyId = "", , region = "", service = ""] =
    /Credential=([^,\s]+)/.exec(authorization)?.[1]?.split("/") ?? [];
  return { accessKeyId, region, service, action: parseAction(request) };
}

function parseAction({ method, url, headers, body }: HttpRequest): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.split(".").at(-1) ?? "";
  const named = new URLSearchParams(body).get("Action") ?? new URLSearchParams(url.split("?")[1]).get("Action");
  if (named) return named;
  const path = url.split("?")[0] ?? "";
  const route = EKS_ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path));
  return route?.[2] ?? `${method} ${path}`;
}
