import type { KubernetesObject } from "@kubernetes/client-node";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import type { KubernetesClients } from "../cluster/clients.js";

/** Pause before a list that failed, or whose watch broke, is made again. */
const RETRY_MS = 200;

/** A live copy of everything of one kind, by UID. */
export interface Watched<T> {
  readonly objects: ReadonlyMap<string, T>;
  stop(): Promise<void>;
}

/** What one live copy is made of. */
interface Copy<T> {
  readonly clients: KubernetesClients;
  readonly path: string;
  readonly objects: Map<string, T>;
  readonly onChange: (object: T) => void;
  readonly signal: AbortSignal;
}

/**
 * Lists `path`, then watches it, for ever: whatever breaks, it starts over with a list, so nothing is missed for
 * long. `onChange` gets each object that is new, changed or listed again; objects that are gone leave `objects`.
 */
export function watch<T extends KubernetesObject>(
  clients: KubernetesClients,
  path: string,
  onChange: (object: T) => void,
): Watched<T> {
  const stopping = new AbortController();
  const copy: Copy<T> = { clients, path, objects: new Map(), onChange, signal: stopping.signal };
  const running = keepUp(copy);
  return {
    objects: copy.objects,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function keepUp<T extends KubernetesObject>(copy: Copy<T>): Promise<void> {
  const { signal } = copy;
  while (!signal.aborted) {
    try {
      await follow(copy, await relist(copy));
    } catch {
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

const uidOf = (object: KubernetesObject): string => object.metadata?.uid ?? "";

function set<T extends KubernetesObject>({ objects, onChange }: Copy<T>, object: T): void {
  objects.set(uidOf(object), object);
  onChange(object);
}

interface ListBody<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

/** Brings the copy up to date and gives the version from which to watch. */
async function relist<T extends KubernetesObject>(copy: Copy<T>): Promise<string> {
  const { clients, path, objects, signal } = copy;
  const { statusCode, body } = await request(clients.server + path, { dispatcher: clients.agent, signal });
  const list = (await body.json()) as ListBody<T>;
  if (statusCode !== 200) throw new Error(`list ${path} answered ${statusCode}`);
  const listed = new Set(list.items.map(uidOf));
  for (const uid of objects.keys()) if (!listed.has(uid)) objects.delete(uid);
  list.items.forEach((item) => set(copy, item));
  return list.metadata.resourceVersion;
}

interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "ERROR";
  readonly object: T;
}

/** Watches until the server ends it. */
async function follow<T extends KubernetesObject>(copy: Copy<T>, resourceVersion: string): Promise<void> {
  const { clients, path, objects, signal } = copy;
  const url = `${clients.server}${path}?watch=1&resourceVersion=${resourceVersion}`;
  const { body } = await request(url, { dispatcher: clients.agent, signal });
  for await (const line of createInterface({ input: body, signal })) {
    const event = JSON.parse(line) as WatchEvent<T>;
    // Mostly 410 Gone: our resource version is too old.
    if (event.type === "ERROR") return;
    if (event.type === "DELETED") objects.delete(uidOf(event.object));
    else set(copy, event.object);
  }
}
