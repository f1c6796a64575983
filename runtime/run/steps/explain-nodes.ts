import { findDeadlocks, surveyOf } from "../../cycle/index.js";
import type { FailureInfo } from "../../ports/index.js";
import type { StepContext } from "../context.js";
import { detectFailedCreates } from "./deadlock.js";
import { kickControllers } from "./kick.js";
import { diagnose, type GroupReadiness } from "./node-readiness.js";

/** Why a group's nodes are not usable. */
interface Explained {
  readonly groupId: string;
  readonly failure: FailureInfo;
  /** A webhook keeps the agents of the nodes from starting. */
  readonly isRefused: boolean;
}

/**
 * Names why groups did not come up (safe-cycle W10). A node is never Ready, and may never even join, when a webhook without
 * a backend refuses the pods of its agents (S34): then the webhook is the cause, whatever the node says of itself.
 * Controllers that failed are kicked, in case the webhook is open by now (W12).
 * @param sinceAt instant from which on a refusal counts.
 */
export async function explainUnready(
  groups: readonly GroupReadiness[],
  context: StepContext,
  sinceAt: number,
): Promise<readonly Explained[]> {
  const needAgents = groups.some((group) => diagnose(group).code === "nodes-not-ready");
  const failedCreates = needAgents ? await detectFailedCreates(context) : [];
  const agents = failedCreates.filter(({ kind }) => kind === "DaemonSet");
  const counted = agents.filter(({ lastAt }) => lastAt >= sinceAt);
  const refusals = findDeadlocks({
    failedCreates: counted,
    unscheduled: [],
    volumes: surveyOf([]),
    groups: [],
    taints: [],
  });
  const webhook = refusals.find(({ kind }) => kind === "webhook");
  await kickControllers(agents, context);
  return groups.map((group) => {
    const failure = diagnose(group);
    if (!webhook || failure.code !== "nodes-not-ready") return { groupId: group.groupId, failure, isRefused: false };
    const message = `${failure.message} ${webhook.cause}`;
    return { groupId: group.groupId, failure: { ...failure, message, remedy: webhook.remedy }, isRefused: true };
  });
}
