import { randomUUID } from "node:crypto";

import type { Ports, Progress } from "../ports/index.js";
import type { CliHost } from "./host.js";
import type { Project } from "./load-project.js";

/** A runtime that is open for one command. */
export interface OpenRuntime {
  readonly ports: Ports;
  /** Names this command in leases and in CloudTrail. */
  readonly operationId: string;
}

/** Nobody watches. */
export const SILENT: Progress = { emit: () => undefined };

/** Opens the runtime over the project's state file, does `work`, and lets go of everything. Throws `Failure` store-unavailable. */
export async function withRuntime<T>(
  { statePath }: Project,
  host: CliHost,
  progress: Progress,
  work: (runtime: OpenRuntime) => Promise<T>,
): Promise<T> {
  const operationId = `cli-${randomUUID()}`;
  // The composition root would resolve CURFEW_STATE against the working folder; here it is the project's.
  const environment = { ...host.environment, CURFEW_STATE: statePath };
  const runtime = host.openRuntime({ environment, statePath, operationId, progress });
  try {
    return await work({ ports: runtime.ports, operationId });
  } finally {
    await runtime.close();
  }
}
