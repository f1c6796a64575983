import type { Update } from "@aws-sdk/client-eks";
import type { ResizeStatus } from "../../ports/index.js";

/** Where an EKS update stands (safe-cycle H29); a cancelled one has failed. */
export function judgeUpdate({ status, errors = [] }: Update): ResizeStatus {
  if (status === "Successful") return { kind: "successful" };
  if (status === "InProgress") return { kind: "in-progress" };
  const message = errors
    .map(({ errorCode = "Unknown", errorMessage = "" }) => `${errorCode}: ${errorMessage}`)
    .join("; ");
  return { kind: "failed", message: message || `The update ended as ${status ?? "unknown"}.` };
}
