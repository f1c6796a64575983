import { logGroupName } from "./names.js";

/**
 * ARNs of functions' log groups, in the place where another ARN of the hub lies: a role must name the log groups of the
 * functions that it is made for, before they are there. Pure.
 */
export function logGroupArns(neighbourArn: string, functionNames: readonly string[]): readonly string[] {
  const [, partition = "aws", , region = "*", account = "*"] = neighbourArn.split(":");
  return functionNames.map((name) => `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName(name)}`);
}

/** ARN of a state machine, in the place where another ARN of the hub lies: its role must name it before it is there. Pure. */
export function stateMachineArn(neighbourArn: string, name: string): string {
  const [, partition = "aws", , region = "*", account = "*"] = neighbourArn.split(":");
  return `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
}
