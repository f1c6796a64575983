import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request as forward } from "undici";
import { parseAwsRequest, type HttpRequest } from "./aws-request.js";
import { answerOf, createFaults, type Fault, type WireAnswer } from "./faults.js";

/** How often one operation was called with one account's credentials, failures and retries included. */
export interface AwsCallCount {
  readonly account: string;
  readonly service: string;
  readonly action: string;
  readonly count: number;
}

/** The AWS endpoint that clients of the lab use: it counts and injects faults, the emulator behind it answers. */
export interface Front {
  readonly url: string;
  readonly calls: () => readonly AwsCallCount[];
  readonly resetCalls: () => void;
  /** Faults are tried in the order in which they were injected. */
  readonly inject: (fault: Fault) => void;
  readonly clearFaults: () => void;
  close(): Promise<void>;
}

/** Bodies pass as text of one character a byte, because some protocols of AWS are binary (CloudWatch's is CBOR). */
const BODY_ENCODING = "latin1";

/** Headers that belong to one connection and not to the message. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "expect"]);

/** Starts the endpoint on a free port of 127.0.0.1, in front of `emulatorUrl`. */
export async function startFront(emulatorUrl: string): Promise<Front> {
  const agent = new Agent({ connections: 64 });
  const counts = new Map<string, AwsCallCount>();
  const faults = createFaults();
  const accounts = createAccountBook();

  const answer = async (request: HttpRequest): Promise<WireAnswer | "no-reply"> => {
    const call = parseAwsRequest(request);
    const account = accounts.of(call.accessKeyId);
    count(counts, { account, service: call.service, action: call.action });
    const fault = faults.take(call, account);
    const refusal = fault && answerOf(fault, call.service);
    if (refusal) return refusal;
    if (fault?.kind === "latency") await sleep(fault.ms);
    const reply = await pass(agent, emulatorUrl, request);
    if (call.action === "AssumeRole") accounts.learn(reply.body);
    return fault?.kind === "lost-reply" ? "no-reply" : reply;
  };

  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, answer).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => [...counts.values()].sort((a, b) => b.count - a.count),
    resetCalls: () => counts.clear(),
    inject: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await agent.destroy();
    },
  };
}

/** Knows which account a session's access key belongs to, from the AssumeRole answers that passed by. */
function createAccountBook(): { of(accessKeyId: string): string; learn(answer: string): void } {
  const accounts = new Map<string, string>();
  return {
    of: (key) => accounts.get(key) ?? (/^\d{12}$/.test(key) ? key : "unknown"),
    learn: (answer) => {
      const key = /<AccessKeyId>(\w+)<|"AccessKeyId": ?"(\w+)"/.exec(answer);
      const account = /arn:aws:sts::(\d{12}):assumed-role/.exec(answer)?.[1];
      if (key && account) accounts.set(key[1] ?? key[2] ?? "", account);
    },
  };
}

function count(counts: Map<string, AwsCallCount>, call: Omit<AwsCallCount, "count">): void {
  const key = `${call.account} ${call.service} ${call.action}`;
  counts.set(key, { ...call, count: (counts.get(key)?.count ?? 0) + 1 });
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: HttpRequest) => Promise<WireAnswer | "no-reply">,
): Promise<void> {
  const { method = "GET", url = "/", headers } = incoming;
  const reply = await answer({ method, url, headers, body: (await buffer(incoming)).toString(BODY_ENCODING) });
  if (reply === "no-reply") outgoing.destroy();
  else outgoing.writeHead(reply.status, reply.headers).end(reply.body, BODY_ENCODING);
}

async function pass(
  dispatcher: Agent,
  emulatorUrl: string,
  { method, url, headers, body }: HttpRequest,
): Promise<WireAnswer> {
  const reply = await forward(emulatorUrl + url, {
    dispatcher,
    method: method as "GET",
    headers: messageHeaders(headers),
    ...(body ? { body: Buffer.from(body, BODY_ENCODING) } : {}),
  });
  const bytes = Buffer.from(await reply.body.arrayBuffer());
  return { status: reply.statusCode, headers: messageHeaders(reply.headers), body: bytes.toString(BODY_ENCODING) };
}

function messageHeaders(headers: HttpRequest["headers"]): Record<string, string> {
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP_BY_HOP.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
