import { setTimeout as sleep } from "node:timers/promises";
import type { RunningInstance } from "../emulator/control.js";
import type { Emulator } from "../emulator/emulator.js";
import { createNode, removeNode } from "./node.js";
import type { KubernetesClients } from "../cluster/clients.js";

const POLL_MS = 100;

/** A cluster that instances may belong to. */
export interface NodeOwner {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly admin: KubernetesClients;
  /** Time from an instance in service to its node, by name of the node group or Auto Scaling group. */
  readonly bootMs: Readonly<Record<string, number>>;
}

/** Turns instances of the emulated cloud into nodes, and their end into the end of the nodes. */
export interface NodeActuator {
  /** Stops turning anything into anything; takes effect within a poll. */
  suspend(): void;
  resume(): void;
  stop(): Promise<void>;
}

type Phase = "booting" | "registered" | "leaving";

interface Known {
  readonly instance: RunningInstance;
  readonly owner: NodeOwner;
  readonly bootedAt: number;
  phase: Phase;
}

/**
 * Compares what runs with what is known, again and again. It follows levels and not events, so a step that failed
 * is simply made again, and nothing depends on when it looks.
 */
export function startActuator(emulator: Emulator, owners: readonly NodeOwner[]): NodeActuator {
  const known = new Map<string, Known>();
  const stopping = new AbortController();
  const suspension = { isOn: false };
  const step = async (): Promise<void> => {
    const running = new Map((await emulator.control("list-instances", {})).map((each) => [each.id, each]));
    for (const instance of running.values()) welcome(instance, owners, known);
    for (const [id, each] of known) advance(each, running.has(id), () => known.delete(id));
  };
  const { signal } = stopping;
  const loop = (async () => {
    while (!signal.aborted) {
      if (!suspension.isOn) await step().catch(() => undefined);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    suspend: () => void (suspension.isOn = true),
    resume: () => void (suspension.isOn = false),
    stop: () => {
      stopping.abort();
      return loop;
    },
  };
}

function welcome(instance: RunningInstance, owners: readonly NodeOwner[], known: Map<string, Known>): void {
  if (known.has(instance.id)) return;
  const owner = owners.find((each) => owns(each, instance));
  if (!owner) return;
  const group = instance.tags["eks:nodegroup-name"] ?? instance.group;
  const bootedAt = performance.now() + (owner.bootMs[group] ?? 0);
  known.set(instance.id, { instance, owner, bootedAt, phase: "booting" });
}

const owns = ({ name, account, region }: NodeOwner, instance: RunningInstance): boolean =>
  instance.account === account &&
  instance.region === region &&
  instance.tags[`kubernetes.io/cluster/${name}`] !== undefined;

/** Starts the one thing that is due for an instance, in the background: clusters do not wait for each other. */
function advance(each: Known, isRunning: boolean, forget: () => void): void {
  const { instance, owner } = each;
  if (isRunning && each.phase === "booting" && performance.now() >= each.bootedAt) {
    each.phase = "registered";
    createNode(owner.admin, instance).catch(() => void (each.phase = "booting"));
  } else if (!isRunning && each.phase === "booting") {
    forget();
  } else if (!isRunning && each.phase === "registered") {
    each.phase = "leaving";
    removeNode(owner.admin, instance.dnsName).then(forget, () => void (each.phase = "registered"));
  }
}
