import { resolve } from "node:path";

import { createMemoryCampaigns, type MemoryCampaigns } from "../../runtime/adapters/memory/campaigns.js";
import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { createMemoryDeadLetters, type MemoryDeadLetters } from "../../runtime/adapters/memory/dead-letters.js";
import { createMemoryDatabase, createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createMemoryWorld, type MemoryWorld } from "../../runtime/adapters/memory/world.js";
import { runCli } from "../../runtime/cli/run-cli.js";
import type { RuntimeOptions } from "../../runtime/compose.js";
import {
  isTableAddress,
  type Clock,
  type Failure,
  type FleetStore,
  type Ledger,
  type StateStore,
} from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";

/** Monday evening in Europe. */
export const NOW = Date.parse("2026-01-05T19:00:00Z");

/** As `CURFEW_STATE`: there is a hub, and its table keeps the state. */
export const HUB_STATE = "dynamodb://eu-west-1/curfew-fleet?shards=16";

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";

/** Three clusters that sleep at night, and one that nothing may touch. */
const FLEET = `
config:
  curfew:schedules:
    office: { timezone: Europe/Berlin, awake: ["Mon-Fri 07:00-19:00"] }
  curfew:settings: { drain: { timeoutSeconds: 60 }, nodesStableSeconds: 0 }
  curfew:clusters:
    - { name: pay, account: "${ACCOUNT}", region: ${REGION}, schedule: office, role: none, tags: { team: money } }
    - { name: search, account: "${ACCOUNT}", region: ${REGION}, schedule: office, role: none, tags: { team: find } }
    - { name: ledger-critical, account: "${ACCOUNT}", region: ${REGION} }
  curfew:exclusions:
    - { cluster: "*-critical", reason: runs the pager }
`;

/** What one command left behind. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** stdout as the one JSON document that it must be. */
  readonly json: () => unknown;
}

/** Where a command runs: files, environment, and whether a person watches. */
export interface Surroundings {
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly isTty?: boolean;
  readonly signal?: AbortSignal;
  /** Stands in for the memory store. */
  readonly store?: (store: HubStore) => HubStore;
  /** The queues of dead letters, and how many messages lie in each. */
  readonly deadLetters?: Readonly<Record<string, number>>;
  /** Names of state machines. */
  readonly machines?: readonly string[];
  /** Accounts and Regions (`account/region`) in which nobody can look for clusters, and why. */
  readonly unreadable?: ReadonlyMap<string, Failure>;
}

type HubStore = StateStore & FleetStore & Ledger;

/** A command line over simulated clusters, with a memory that outlives each command. */
export interface CliFixture {
  readonly curfew: (...argv: readonly string[]) => Promise<Told>;
  readonly cluster: (name: "pay" | "search") => MemoryCluster;
  /** Where the clusters live; more may be added. */
  readonly world: MemoryWorld;
  /** The text of a file that was there, or that a command has written. */
  readonly file: (path: string) => string | undefined;
  /** Puts a file there, as somebody else would. */
  readonly write: (path: string, text: string) => void;
  /** What Curfew remembers, as another process would read it. */
  readonly store: HubStore;
  readonly deadLetters: MemoryDeadLetters;
  readonly campaigns: MemoryCampaigns;
  readonly clock: Clock;
  /** What each command asked of the composition root. */
  readonly opened: readonly RuntimeOptions[];
  /** How many changing calls reached any cluster. */
  readonly changes: () => number;
}

/** Builds the fixture: `/project` has a Pulumi project whose stack `dev` is {@link FLEET}. */
export function cliFixture(surroundings: Surroundings = {}): CliFixture {
  const {
    environment = {},
    cwd = "/project",
    signal = new AbortController().signal,
    store: wrap = (s) => s,
  } = surroundings;
  const files = new Map(
    Object.entries({
      "/project/Pulumi.yaml": "stackConfigDir: stacks",
      "/project/stacks/Pulumi.dev.yaml": FLEET,
      ...surroundings.files,
    }),
  );
  const clock = fakeClock(NOW);
  const world = createMemoryWorld({ clock });
  const identity = (name: string) => ({ account: ACCOUNT, region: REGION, name });
  for (const name of ["pay", "search"]) {
    world.addCluster({ identity: identity(name), groups: [{ name: "general", size: { min: 1, desired: 3, max: 6 } }] });
  }
  const database = createMemoryDatabase();
  const deadLetters = createMemoryDeadLetters(surroundings.deadLetters ?? {});
  const campaigns = createMemoryCampaigns(surroundings.machines ?? []);
  const opened: RuntimeOptions[] = [];
  let ids = 0;

  function openRuntime(options: RuntimeOptions) {
    opened.push(options);
    const store = wrap(createMemoryStore(database));
    const random = { next: () => 0.5, id: () => `id-${String((ids += 1))}` };
    const ports = { clock, random, store, connector: world.connector(), progress: options.progress };
    const hub = isTableAddress(options.statePath ?? "")
      ? { fleet: store, ledger: store, deadLetters, campaigns }
      : null;
    return Promise.resolve({
      ports,
      hub,
      discovery: world.discovery(surroundings.unreadable),
      close: () => store.close(),
    });
  }

  async function curfew(...argv: readonly string[]): Promise<Told> {
    let [out, err] = ["", ""];
    const code = await runCli({
      argv,
      environment: { USER: "ana", ...environment },
      stdout: { isTTY: surroundings.isTty, write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      cwd,
      signal,
      now: () => clock.now(),
      openRuntime,
      readText: (path) => Promise.resolve(files.get(resolve(path))),
      writeText: (path, text, mayReplace) => {
        if (files.has(path) && !mayReplace) return Promise.reject(new Error(`EEXIST: ${path}`));
        return Promise.resolve(void files.set(path, text));
      },
    });
    return { code, out, err, json: () => JSON.parse(out) as unknown };
  }

  return {
    curfew,
    cluster: (name) => world.cluster(identity(name)),
    world,
    file: (path) => files.get(path),
    write: (path, text) => void files.set(path, text),
    store: createMemoryStore(database),
    deadLetters,
    campaigns,
    clock,
    opened,
    changes: () => world.mutations().length,
  };
}
