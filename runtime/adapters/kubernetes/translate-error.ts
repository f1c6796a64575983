import { Failure, isFailure, type FailureInfo } from "../../ports/index.js";
import { classifyFault } from "./fault.js";
import type { ServerAnswer } from "./server-answer.js";

/** Names for messages to people. */
export interface ClusterNames {
  readonly cluster: string;
  readonly region: string;
  /** ARN of the role or user that signs in; null when it is the caller's own and not known. */
  readonly principal: string | null;
  readonly server: string;
}

/** What was asked, in RBAC's words: `{ verb: "list", resource: "nodes" }`. */
export interface Permission {
  readonly verb: string;
  readonly resource: string;
}

/**
 * The one place where the API server's refusals become a `Failure`. A `Failure` stays as it is;
 * what no request can throw (a defect) is given back untouched.
 */
export function translateError(error: unknown, permission: Permission, names: ClusterNames): unknown {
  if (isFailure(error)) return error;
  const fault = classifyFault(error);
  if (!fault) return error;
  switch (fault.kind) {
    case "answered":
      return new Failure(answerInfo(fault.answer, permission, names));
    case "unconnected":
      return new Failure(unreachableInfo(fault.message, names));
    case "interrupted":
      return new Failure({
        code: "unavailable",
        message: `The API server of ${names.cluster} did not answer "${permission.verb} ${permission.resource}" in time: ${fault.message}.`,
        remedy: "Run again; if it lasts, check the cluster's health in the EKS console.",
      });
  }
}

function answerInfo(answer: ServerAnswer, { verb, resource }: Permission, names: ClusterNames): FailureInfo {
  const asked = `"${verb} ${resource}"`;
  switch (answer.status) {
    case 401:
      return accessEntryInfo(names);
    case 403:
      return {
        code: "rbac-denied",
        message: `The API server of ${names.cluster} forbids ${asked}: ${answer.message}.`,
        remedy: `Grant the verb "${verb}" on "${resource}" to Curfew's ClusterRole in ${names.cluster}.`,
      };
    case 429:
      return {
        code: "throttled",
        message: `The API server of ${names.cluster} throttles ${asked}.`,
        remedy: "Run again later, or lower the number of pods in flight.",
      };
    default:
      return {
        code: "unavailable",
        message: `The API server of ${names.cluster} answered ${asked} with ${answer.status}: ${answer.message}.`,
        remedy: "Run again; if it lasts, check the cluster's health in the EKS console.",
      };
  }
}

function accessEntryInfo({ cluster, region, principal }: ClusterNames): FailureInfo {
  const who = principal ?? "the caller's own identity";
  const arn = principal ?? "<ARN of that identity>";
  return {
    code: "access-entry-missing",
    message: `The API server of ${cluster} does not know ${who}.`,
    remedy:
      `Add an access entry: aws eks create-access-entry --region ${region} --cluster-name ${cluster} ` +
      `--principal-arn ${arn} --kubernetes-groups curfew`,
  };
}

function unreachableInfo(message: string, { cluster, server }: ClusterNames): FailureInfo {
  return {
    code: "endpoint-unreachable",
    message: `The API server of ${cluster} cannot be reached at ${server} (${message}).`,
    remedy:
      "If its endpoint is private, give the cluster a PrivateDrain, or run Curfew from a network connected to its VPC; " +
      "else check DNS, the endpoint's allowed CIDRs and the route to it.",
  };
}
