import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { request as forward } from "undici";

import { parseAwsRequest } from "../lab/emulator/aws-request.js";

/** The figures of one resize request as they went over the wire; null where the request did not say one. */
export interface SentSize {
  readonly group: string;
  readonly min: number | null;
  readonly desired: number | null;
  readonly max: number | null;
}

/** An AWS endpoint that notes every size it is asked for and hands each request on. */
export interface ResizeRecorder {
  readonly url: string;
  /** The sizes since the last call, in order. */
  take(): readonly SentSize[];
  close(): void;
}

/** Starts it on a free port of 127.0.0.1, in front of `upstreamUrl`. */
export async function startResizeRecorder(upstreamUrl: string): Promise<ResizeRecorder> {
  let sizes: SentSize[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    const handOn = async (): Promise<void> => {
      const body = await text(incoming);
      const { action } = parseAwsRequest({ method, url, headers, body });
      if (action === "UpdateNodegroupConfig") sizes.push(eksSize(url, body));
      if (action === "UpdateAutoScalingGroup") sizes.push(autoScalingSize(body));
      const passedOn = Object.entries(headers).filter(([name]) => name !== "connection" && name !== "content-length");
      const reply = await forward(upstreamUrl + url, {
        method: method as "GET",
        headers: Object.fromEntries(passedOn),
        ...(body ? { body } : {}),
      });
      const type = String(reply.headers["content-type"] ?? "text/plain");
      const errorType = reply.headers["x-amzn-errortype"];
      outgoing.writeHead(reply.statusCode, {
        "content-type": type,
        ...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
      });
      outgoing.end(await reply.body.text());
    };
    handOn().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = sizes;
      sizes = [];
      return taken;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function eksSize(url: string, body: string): SentSize {
  const { scalingConfig = {} } = JSON.parse(body) as { scalingConfig?: Record<string, number | undefined> };
  const { minSize, desiredSize, maxSize } = scalingConfig;
  const group = /\/node-groups\/([^/]+)\//.exec(url)?.[1] ?? url;
  return { group, min: minSize ?? null, desired: desiredSize ?? null, max: maxSize ?? null };
}

function autoScalingSize(body: string): SentSize {
  const form = new URLSearchParams(body);
  const figure = (name: string): number | null => (form.has(name) ? Number(form.get(name)) : null);
  return {
    group: form.get("AutoScalingGroupName") ?? "",
    min: figure("MinSize"),
    desired: figure("DesiredCapacity"),
    max: figure("MaxSize"),
  };
}
