import type { GroupInstances } from "../ports/index.js";
import type { Journal } from "./journal.js";
import type { Observation } from "./observation.js";
import type { Settings } from "./settings.js";

/**
 * Scaling processes that undo a sleep: rebalancing replaces instances mid-drain; scheduled actions, and alarms with
 * target tracking and step policies, raise the desired size (safe-cycle H30, H31).
 */
const TROUBLESOME = ["AZRebalance", "AlarmNotification", "ScheduledActions"] as const;

/**
 * Adds what the cloud is to hold still for the cycle: processes of self-managed Auto Scaling groups, and the built-in pools
 * of EKS Auto Mode. What is noted already stays, so that a later look at what Curfew changed does not become the original
 * (safe-cycle H4); what a person had suspended is not noted, so it stays suspended.
 */
export function noteHoldings(journal: Journal, observation: Observation, settings: Settings): Journal {
  const suspended = settings.scaling.suspendProcesses ? suspensionsOf(observation) : {};
  const live = settings.measures.karpenter === "apply" ? observation.cluster.autoMode : null;
  const autoMode =
    live === null || live.nodePools.length === 0
      ? null
      : { nodePools: [...live.nodePools], nodeRoleArn: live.nodeRoleArn };
  return {
    ...journal,
    suspendedProcesses: { ...suspended, ...journal.suspendedProcesses },
    autoMode: journal.autoMode ?? autoMode,
  };
}

/** Only of groups that are Curfew's to hold: EKS runs those of its own (safe-cycle H31). */
function suspensionsOf({ groups, instances }: Observation): Record<string, string[]> {
  const seen = new Map(instances.map((one) => [one.groupId, one]));
  const selfManaged = groups.filter(({ kind }) => kind === "self-managed");
  const wanted = selfManaged.map(({ id }) => [id, runningProcesses(seen.get(id))] as const);
  return Object.fromEntries(wanted.filter(([, processes]) => processes.length > 0));
}

function runningProcesses(seen: GroupInstances | undefined): string[] {
  const suspended = new Set(seen?.suspendedProcesses);
  return TROUBLESOME.filter((process) => !suspended.has(process));
}

/** Takes a group's suspended processes off the record: they run again, or the group is gone. */
export function releaseProcesses(journal: Journal, groupId: string): Journal {
  const { [groupId]: _released, ...others } = journal.suspendedProcesses;
  return { ...journal, suspendedProcesses: others };
}
