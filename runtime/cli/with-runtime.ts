import { randomUUID } from "node:crypto";

import type { HubPorts } from "../compose.js";
import { Failure, type Ports, type Progress } from "../ports/index.js";
import type { CliHost } from "./host.js";
import type { Project } from "./load-project.js";

/** A runtime that is open for one command. */
export interface OpenRuntime {
  readonly ports: Ports;
  /** Null without a hub; {@link withHub} is for commands that cannot do without. */
  readonly hub: HubPorts | null;
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
  const runtime = await host.openRuntime({ environment, statePath, operationId, progress });
  try {
    return await work({ ports: runtime.ports, hub: runtime.hub, operationId });
  } finally {
    await runtime.close();
  }
}

/** The same for what only a hub can tell or do. Throws `Failure` config-invalid when no hub keeps the state. */
export function withHub<T>(
  project: Project,
  host: CliHost,
  work: (hub: HubPorts, ports: Ports) => Promise<T>,
): Promise<T> {
  return withRuntime(project, host, SILENT, async ({ hub, ports }) => {
    if (hub === null) throw noHub(project);
    return work(hub, ports);
  });
}

function noHub({ statePath }: Project): Failure {
  return new Failure({
    code: "config-invalid",
    message: `This asks a hub, and there is none: state is kept in ${statePath}.`,
    remedy:
      "Use the stack that declares curfew:hub, or set CURFEW_STATE to the hub's table, which `pulumi stack output hub` gives as state, e.g. dynamodb://eu-west-1/curfew-fleet?shards=16.",
  });
}
