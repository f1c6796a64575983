import type { Capacity, ClusterFacts } from "./capacity.js";
import type { Clock, Random } from "./clock.js";
import type { ClusterAccess, ClusterIdentity } from "./cluster.js";
import type { Kubernetes } from "./kubernetes.js";
import type { Progress } from "./progress.js";
import type { StateStore } from "./state-store.js";

export type * from "./announcer.js";
export type * from "./api-exchange.js";
export type * from "./campaigns.js";
export type * from "./capacity.js";
export type * from "./clock.js";
export type { ClusterAccess, ClusterIdentity } from "./cluster.js";
export { clusterId, parseClusterId } from "./cluster.js";
export type * from "./dead-letters.js";
export { whenEngineIsGone, type EnginePipes } from "./engine-pipes.js";
export type { FailureCode, FailureInfo } from "./failure.js";
export { Failure, FAILURE_CODES, failureInfo, isFailure } from "./failure.js";
export type * from "./discovery.js";
export type * from "./fleet-store.js";
export type * from "./kubernetes.js";
export { LOAD_BALANCER_EXCLUSION_LABEL } from "./kubernetes.js";
export type * from "./ledger.js";
export type * from "./objects.js";
export type * from "./pacer.js";
export type * from "./progress.js";
export type * from "./prospects.js";
export { describeWay, outOfReach, REACHES, wayInto, type Reach, type Way } from "./reach.js";
export { relayFunctionName, type RelayAnswer, type RelayEvent } from "./relay.js";
export type * from "./state-store.js";
export { KEPT_REPORTS } from "./state-store.js";
export { formatTableAddress, isTableAddress, parseTableAddress, type TableAddress } from "./table-address.js";
export type * from "./telemetry.js";
export type * from "./work-queue.js";

/** Where a cluster's API server is. */
export type EndpointFacts = Pick<ClusterFacts, "endpoint" | "certificateAuthority" | "hasPublicEndpoint">;

/** Gets into a cluster's account. Makes no call by itself; asynchronous because the SDKs behind it are loaded at the first need. */
export interface ClusterConnector {
  capacity(cluster: ClusterIdentity, access: ClusterAccess): Promise<Capacity>;
  /**
   * `facts` are the cluster's own (endpoint, CA): nothing is read twice. Throws `Failure` endpoint-unreachable for a cluster
   * that is declared out of reach.
   */
  kubernetes(
    cluster: ClusterIdentity,
    access: ClusterAccess,
    facts: EndpointFacts,
    options?: { readonly requestTimeoutMs: number },
  ): Promise<Kubernetes>;
}

/** Everything a run needs from outside. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: StateStore;
  readonly connector: ClusterConnector;
  readonly progress: Progress;
}
