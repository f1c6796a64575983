import { openRuntime } from "../../runtime/compose.js";
import { settingsSchema, type SettingsInput } from "../../runtime/cycle/index.js";
import { clusterId, type Ports, type RunEvent, type StateStore } from "../../runtime/ports/index.js";
import {
  executeRun,
  type RunBudget,
  type RunReport,
  type RunRequest,
  type RunTarget,
} from "../../runtime/run/index.js";
import type { LabCluster } from "../lab/index.js";

/** What a run needs to know of a lab's cluster; plain data, so that a child process can be told. */
export type ClusterAddress = Pick<LabCluster, "account" | "region" | "name" | "roleArn">;

/** What a test may say differently. */
export interface RunOptions extends Partial<Omit<RunRequest, "cluster" | "desired">> {
  readonly settings?: SettingsInput;
  readonly target?: Partial<RunTarget>;
  readonly signal?: AbortSignal;
  readonly yieldAt?: RunBudget["yieldAt"];
  readonly onEvent?: (event: RunEvent) => void;
  /** Stands between the run and its real ports. */
  readonly decorate?: (ports: Ports) => Ports;
}

/** Short waits, so that a night and a morning take seconds. The drain's own least time (safe-cycle 21) stays. */
const QUICK: SettingsInput = {
  drain: { timeoutSeconds: 20 },
  nodesStableSeconds: 1,
  nodesReadyTimeoutSeconds: 20,
  pollSeconds: 1,
};

let operations = 0;

/**
 * One run on real adapters, state in the file `statePath`, as one short-lived process makes it: opens everything,
 * runs, closes everything. AWS is found through `process.env`. Throws `Failure` store-unavailable.
 */
export async function runOnce(
  address: ClusterAddress,
  statePath: string,
  desired: RunRequest["desired"],
  options: RunOptions = {},
): Promise<RunReport> {
  const { settings, target, signal, yieldAt, onEvent, decorate, ...request } = options;
  const operationId = request.operationId ?? `op-${process.pid}-${(operations += 1)}`;
  const progress = { emit: onEvent ?? (() => undefined) };
  const { ports, close } = await openRuntime({ environment: {}, statePath, operationId, progress });
  try {
    return await executeRun(
      {
        origin: "person",
        reason: "a test asks",
        ...request,
        operationId,
        desired,
        cluster: targetOf(address, settings, target),
      },
      decorate ? decorate(ports) : ports,
      { yieldAt: yieldAt ?? null, signal: signal ?? new AbortController().signal },
    );
  } finally {
    await close();
  }
}

function targetOf(
  { account, region, name, roleArn }: ClusterAddress,
  settings: SettingsInput = {},
  others: Partial<RunTarget> = {},
): RunTarget {
  const identity = { account, region, name };
  return {
    id: clusterId(identity),
    identity,
    access: { roleArn },
    settings: settingsSchema.parse({ ...QUICK, ...settings, drain: { ...QUICK.drain, ...settings.drain } }),
    exclusion: null,
    exclusionsByTag: [],
    ...others,
  };
}

/** Asks the state file something, past any run. */
export async function withStore<T>(statePath: string, ask: (store: StateStore) => Promise<T>): Promise<T> {
  const progress = { emit: () => undefined };
  const { ports, close } = await openRuntime({ environment: {}, statePath, operationId: "look", progress });
  try {
    return await ask(ports.store);
  } finally {
    await close();
  }
}
