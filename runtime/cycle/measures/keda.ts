import type { ApiObject, ResourceType } from "../../ports/index.js";
import { amend, type Amendment } from "../amendment.js";
import { DEPLOYMENTS, SCALED_JOBS, SCALED_OBJECTS } from "../resource-types.js";
import { readField } from "../field-path.js";
import type { Survey } from "../survey.js";
import type { Measure } from "./measure.js";

const PAUSED = "autoscaling.keda.sh/paused";
const PAUSED_REPLICAS = "autoscaling.keda.sh/paused-replicas";

/**
 * KEDA's scalers, paused by the annotation that takes the HPA away and keeps the replicas (safe-cycle H19). Those that a
 * person paused, in either way, are left alone.
 */
export const KEDA: Measure = {
  purpose: "keda",
  reads: [SCALED_OBJECTS, SCALED_JOBS, DEPLOYMENTS],
  plan(survey) {
    const amendments = [SCALED_OBJECTS, SCALED_JOBS].flatMap((type) =>
      survey.of(type).flatMap((scaler) => pause(scaler, type) ?? []),
    );
    const isWaiting = amendments.length > 0 && !isOperatorReady(survey);
    return { amendments, notes: isWaiting ? [NO_OPERATOR] : [], refusal: null };
  },
};

const NO_OPERATOR =
  "keda: no ready keda-operator was found, so its HPAs stay until it is back; the pause is written on the scalers all the same.";

function pause(scaler: ApiObject, type: ResourceType): Amendment | null {
  if (isPaused(scaler) || scaler.metadata.deletionTimestamp !== undefined) return null;
  const reason = "it would scale workloads that have no node";
  return amend(scaler, { purpose: "keda", type, path: ["metadata", "annotations", PAUSED], ours: "true", reason });
}

/** As KEDA reads it: the annotation counts unless it is one of Go's words for false. */
function isPaused({ metadata: { annotations = {} } }: ApiObject): boolean {
  const paused = annotations[PAUSED];
  if (annotations[PAUSED_REPLICAS] !== undefined) return true;
  return paused !== undefined && !["0", "f", "F", "false", "False", "FALSE"].includes(paused);
}

/** Whether the operator is there to take the HPAs away. */
function isOperatorReady(survey: Survey): boolean {
  return survey.of(DEPLOYMENTS).some((deployment) => {
    const { name, labels = {} } = deployment.metadata;
    const isOperator = [name, labels["app"], labels["app.kubernetes.io/name"]].includes("keda-operator");
    return isOperator && Number(readField(deployment, ["status", "readyReplicas"]) ?? 0) > 0;
  });
}

/** Whether KEDA says that a scaler is paused. */
export function saysPaused(scaler: ApiObject): boolean {
  const conditions = readField(scaler, ["status", "conditions"]);
  return (
    Array.isArray(conditions) &&
    (conditions as unknown[]).some(
      (one) => readField(one, ["type"]) === "Paused" && readField(one, ["status"]) === "True",
    )
  );
}
