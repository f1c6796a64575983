import type { Observation, Settings, Survey } from "../cycle/index.js";
import type { DrainForecast } from "../drain/index.js";
import type {
  AddOn,
  ClusterFacts,
  FailureInfo,
  GroupSubnets,
  GroupTemplate,
  InstanceRefresh,
  NodeGroup,
  NodeVcpus,
  PermissionAnswer,
  VcpuQuota,
  Way,
} from "../ports/index.js";
import type { Reached, RunReport } from "../run/index.js";
import type { RightAnswer } from "./ask-rights.js";
import type { Reading } from "./reading.js";

/** Everything that the checks of one cluster judge. All of it was read; nothing was changed. */
export interface Facts {
  readonly now: number;
  readonly settings: Settings;
  readonly cluster: ClusterFacts;
  /** How its API server is reached. */
  readonly way: Way;
  /** Why a run could not even look at the cluster as it should; null when it can. */
  readonly entry: FailureInfo | null;
  /** Why runs leave the cluster alone, by its tags; null when they do not. */
  readonly exclusion: FailureInfo | null;
  readonly groups: Reading<readonly NodeGroup[]>;
  readonly observation: Reading<Observation>;
  /** Why what Karpenter launched could not be removed; null when it could. */
  readonly karpenter: Reading<FailureInfo | null>;
  readonly forecast: Reading<DrainForecast>;
  readonly survey: Reading<Survey>;
  readonly rights: Reading<readonly RightAnswer[]>;
  readonly permissions: Reading<readonly PermissionAnswer[]>;
  readonly subnets: Reading<readonly GroupSubnets[]>;
  readonly launchTemplates: Reading<readonly GroupTemplate[]>;
  readonly addOns: Reading<readonly AddOn[]>;
  readonly refreshes: Reading<readonly InstanceRefresh[]>;
  readonly vcpus: Reading<Vcpus>;
  readonly reached: Reading<Reached | null>;
  /** The newest runs, newest first. */
  readonly reports: Reading<readonly RunReport[]>;
}

/** What the account may run, and what the groups take of it. */
export interface Vcpus {
  readonly quotas: readonly VcpuQuota[];
  readonly nodes: readonly NodeVcpus[];
}
