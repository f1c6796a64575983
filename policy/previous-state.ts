import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { CLUSTER_SCHEDULE, readClusterSchedule } from "./cluster-schedule.js";
import { entriesOf, textAt, valueAt } from "./value.js";

/** A ClusterSchedule that the stack held before this run. */
export interface PreviousCluster {
  readonly urn: string;
  /** `account/region/name`. */
  readonly id: string;
  readonly declaration: string;
  /** What becomes of it when it sleeps and its resource is deleted. */
  readonly onDelete: "wake" | "leave";
  /** As last seen. */
  readonly state: string;
  /** When the other state was to come, as then foreseen: epoch milliseconds; null: never. */
  readonly nextTransitionAt: number | null;
}

/** What the stack held before this run, or why nobody can say. */
export type PreviousState =
  | { readonly ok: true; readonly clusters: readonly PreviousCluster[] }
  | { readonly ok: false; readonly problem: string };

/** Which stack, and how to ask for it. */
export interface StackAddress {
  readonly command: string;
  readonly folder: string | undefined;
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly stack: string | undefined;
}

/** A thousand clusters take 5 MB; backends are remote. */
const MOST_BYTES = 1_000_000_000;
const MOST_MS = 120_000;

/** Asks the CLI for the stack's state. Never rejects. */
export async function exportPreviousState(address: StackAddress): Promise<PreviousState> {
  const { command, folder, organization, project, stack } = address;
  if (stack === undefined || project === undefined) return { ok: false, problem: "the engine did not name the stack" };
  if (folder === undefined) return { ok: false, problem: `the folder of the project ${project} was not found` };
  const name = organization === undefined ? stack : `${organization}/${project}/${stack}`;
  try {
    const { stdout } = await promisify(execFile)(
      command,
      ["stack", "export", "--stack", name, "--cwd", folder, "--non-interactive"],
      { maxBuffer: MOST_BYTES, timeout: MOST_MS },
    );
    return { ok: true, clusters: clustersIn(JSON.parse(stdout)) };
  } catch (error) {
    return { ok: false, problem: reasonOf(error) };
  }
}

/** The ClusterSchedules of an exported state that are not on their way out. */
export function clustersIn(state: unknown): readonly PreviousCluster[] {
  return entriesOf(valueAt(state, "deployment", "resources"))
    .filter((resource) => textAt(resource, "type") === CLUSTER_SCHEDULE && valueAt(resource, "delete") !== true)
    .flatMap(clusterOf);
}

function clusterOf(resource: unknown): readonly PreviousCluster[] {
  const reading = readClusterSchedule(valueAt(resource, "inputs"));
  const next = Date.parse(textAt(resource, "outputs", "nextTransitionAt") ?? "");
  return [
    {
      urn: textAt(resource, "urn") ?? "",
      id: reading.ok ? reading.cluster.id : (textAt(resource, "id") ?? ""),
      declaration: textAt(resource, "inputs", "declaration") ?? "",
      // What cannot be read is not trusted to wake.
      onDelete: reading.ok ? reading.cluster.onDelete : "leave",
      state: textAt(resource, "outputs", "state") ?? "unknown",
      nextTransitionAt: Number.isNaN(next) ? null : next,
    },
  ];
}

/** The CLI's own last line says most; the command line, with which the error's message begins, says nothing new. */
function reasonOf(error: unknown): string {
  const last = textAt(error, "stderr")?.trim().split("\n").at(-1);
  if (last !== undefined && last !== "") return last;
  return error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : "no reason was given";
}
