import pLimit from "p-limit";

import type { ClusterSpec } from "../config/index.js";
import { failureInfo, type ClusterConnector, type FailureInfo } from "../ports/index.js";
import type { DesiredState } from "../schedule/index.js";
import type { CommandScope } from "./command-scope.js";
import { endingOfFailure, exitCodeOf, type Ending, type ExitCode } from "./exit-codes.js";
import { labelsOf } from "./labels.js";
import type { Project } from "./load-project.js";
import { lookAtCluster, lookWords, type ClusterLook } from "./look.js";
import type { Terminal } from "./terminal.js";
import { SILENT, withRuntime } from "./with-runtime.js";

/** One cluster of `--verify --json`. */
interface Verified {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  /** Null when it could not be looked at. */
  readonly isThere: boolean | null;
  readonly seen: ClusterLook | null;
  readonly failure: FailureInfo | null;
}

/** Says whether clusters really are in a state. Changes nothing, and asks nothing of excluded ones. 0: all are; 4: some are not. */
export async function verifyClusters(
  clusters: readonly ClusterSpec[],
  desired: DesiredState,
  { project, parallel }: { readonly project: Project; readonly parallel: number },
  { host, terminal }: CommandScope,
): Promise<ExitCode> {
  const limit = pLimit(parallel);
  const label = labelsOf(clusters);
  const found = await withRuntime(project, host, SILENT, ({ ports: { connector } }) =>
    Promise.all(clusters.map((cluster) => limit(() => verify(cluster, desired, connector)))),
  );
  if (terminal.isJson) terminal.document({ desired, clusters: found });
  else
    clusters.forEach(
      ({ id }, index) => found[index] && terminal.print(`${label(id)}: ${sentenceOf(found[index], terminal)}`),
    );
  return exitCodeOf(found.map(endingOf));
}

async function verify(cluster: ClusterSpec, desired: DesiredState, connector: ClusterConnector): Promise<Verified> {
  const { name, account, region } = cluster.identity;
  const place = { cluster: name, account, region };
  if (cluster.exclusion !== null) return { ...place, isThere: null, seen: null, failure: excluded(cluster.exclusion) };
  try {
    const seen = await lookAtCluster(cluster, connector, { withNodes: true });
    // Without node groups there is nothing that could be in another state.
    return { ...place, isThere: seen.state === desired || seen.groups.length === 0, seen, failure: null };
  } catch (error) {
    return { ...place, isThere: null, seen: null, failure: failureInfo(error) };
  }
}

function excluded({ reason }: { readonly reason: string }): FailureInfo {
  return {
    code: "cluster-excluded",
    message: `The cluster is excluded: ${reason}`,
    remedy: "Curfew asks nothing of it.",
  };
}

function sentenceOf({ isThere, seen, failure }: Verified, { paint }: Terminal): string {
  if (seen !== null) return `${isThere ? paint("green", "yes") : paint("yellow", "no")}, it is ${lookWords(seen)}`;
  return failure === null
    ? ""
    : `${paint("red", "not looked at")}: [${failure.code}] ${failure.message} ${failure.remedy}`;
}

function endingOf({ isThere, failure }: Verified): Ending {
  if (failure !== null) return endingOfFailure(failure);
  return isThere ? "done" : "partial";
}
