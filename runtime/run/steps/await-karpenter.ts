import type { FailureInfo } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { findKarpenterController } from "../karpenter-controller.js";
import { waitOptions, waitUntil } from "../poll.js";

/**
 * Waits until Karpenter's controller serves, so that its pools come back to somebody who reads them (safe-cycle W19).
 * None in the cluster: nothing to wait for. Only looks; repeating it is safe.
 */
export async function awaitKarpenter(context: StepContext): Promise<StepOutcome> {
  let name = "";
  const end = await waitUntil(
    async () => {
      const controller = await findKarpenterController(context.kubernetes);
      if (controller === null || controller.isReady) return true;
      name = `${controller.namespace}/${controller.name}`;
      context.tell(`waiting for Karpenter's controller ${name}`);
      return false;
    },
    waitOptions(context, context.settings.nodesReadyTimeoutSeconds),
  );
  if (end !== "timed-out") return { kind: end };
  const failure: FailureInfo = {
    code: "tier-not-ready",
    message: `Karpenter's controller ${name} did not become ready, so its pools were not given back.`,
    remedy: "Look at its pods (it must have room on a node group or Fargate), then wake again.",
  };
  return { kind: "partial", failure };
}
