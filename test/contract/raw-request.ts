import { request } from "undici";
import type { KubernetesClients } from "../lab/index.js";

/** The API server's answer, its body parsed. */
interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends what the typed clients have no method for, as cluster admin. Answers other than 2xx are answers, too. */
export async function sendRaw(
  { agent, server }: KubernetesClients,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
): Promise<RawAnswer> {
  const response = await request(`${server}${path}`, {
    dispatcher: agent,
    method,
    headers: { "content-type": "application/json", accept: "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.statusCode, body: await response.body.json() };
}

/** The same, for requests that must succeed. */
export async function sendRawOrThrow(...args: Parameters<typeof sendRaw>): Promise<unknown> {
  const { status, body } = await sendRaw(...args);
  if (status > 299) throw new Error(`${args[1]} ${args[2]}: ${status} ${JSON.stringify(body)}`);
  return body;
}
