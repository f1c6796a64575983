import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One kind of request: who made it and what it asked for, such as `delete` of `pods` or `create` of `pods/eviction`. */
export interface CountedCall {
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
  readonly count: number;
}

/** One request as the API server noted it; `at` is when it came in, in epoch milliseconds. */
export interface LoggedCall extends Omit<CountedCall, "count"> {
  readonly at: number;
}

const POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived", "ResponseStarted"],
  rules: [{ level: "Metadata" }],
};

const logPath = (folder: string, name: string): string => join(folder, `${name}-audit.log`);

/** Flags that make the API server write one line for every request it has answered. */
export async function auditArguments(folder: string, name: string): Promise<readonly string[]> {
  const policy = join(folder, `${name}-audit-policy.json`);
  await writeFile(policy, JSON.stringify(POLICY));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${logPath(folder, name)}`, "--audit-log-mode=blocking"];
}

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username?: string };
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
}

/** Every request in the audit log so far, in the order in which they were answered. */
export async function readCallLog(folder: string, name: string): Promise<readonly LoggedCall[]> {
  const log = await readFile(logPath(folder, name), "utf8").catch(() => "");
  return log
    .split("\n")
    .filter(Boolean)
    .map((line) => describe(JSON.parse(line) as AuditEvent));
}

/** Counts the requests in the audit log so far by user, verb and resource; most frequent first. */
export async function countCalls(folder: string, name: string): Promise<readonly CountedCall[]> {
  const counted = new Map<string, CountedCall>();
  for (const { user, verb, resource } of await readCallLog(folder, name)) {
    const key = JSON.stringify([user, verb, resource]);
    counted.set(key, { user, verb, resource, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()].sort((a, b) => b.count - a.count);
}

function describe({ verb, user, objectRef, requestURI, requestReceivedTimestamp }: AuditEvent): LoggedCall {
  const { resource, subresource } = objectRef ?? {};
  const path = requestURI.split("?")[0] ?? "";
  return {
    at: Date.parse(requestReceivedTimestamp),
    user: user.username ?? "",
    verb,
    resource: resource ? [resource, subresource].filter(Boolean).join("/") : path,
  };
}
