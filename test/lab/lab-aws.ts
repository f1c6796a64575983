import { HUB_ACCOUNT, SECRET_ACCESS_KEY, type Emulator } from "./emulator/emulator.js";
import type { Front } from "./emulator/front.js";

/** The emulated cloud: what Curfew's AWS clients reach, and what a test may do to it. */
export interface LabAws extends Pick<Front, "calls" | "resetCalls" | "inject" | "clearFaults"> {
  readonly endpointUrl: string;
  /** The same cloud for a test's own looks: neither counted nor hit by faults. */
  readonly uncountedUrl: string;
  /**
   * How long node group updates, launches, terminations and a minute of EventBridge Scheduler take from now on (at first
   * 300, 200, 200 and 60,000 ms).
   */
  setTiming(timing: CloudTiming): Promise<void>;
  /** Removes a role, so that AssumeRole is denied. */
  removeRole(arn: string): Promise<void>;
  createRole(arn: string): Promise<void>;
}

export interface CloudTiming {
  readonly updateMs?: number;
  readonly launchMs?: number;
  readonly terminateMs?: number;
  readonly minuteMs?: number;
}

export const labAws = (emulator: Emulator, front: Front): LabAws => ({
  endpointUrl: front.url,
  uncountedUrl: emulator.url,
  calls: front.calls,
  resetCalls: front.resetCalls,
  inject: front.inject,
  clearFaults: front.clearFaults,
  setTiming: ({ updateMs, launchMs, terminateMs, minuteMs }) =>
    emulator.control("timing", {
      ...(minuteMs === undefined ? {} : { minute: minuteMs / 1_000 }),
      ...(updateMs === undefined ? {} : { update: updateMs / 1_000 }),
      ...(launchMs === undefined ? {} : { launch: launchMs / 1_000 }),
      ...(terminateMs === undefined ? {} : { terminate: terminateMs / 1_000 }),
    }),
  removeRole: (arn) => emulator.control("delete-role", { arn }),
  createRole: (arn) => emulator.control("create-role", { arn }),
});

/** What an AWS client, or a child process, needs to reach the lab with the hub's credentials. */
export const environmentOf = (front: Front, region = "us-east-1"): Record<string, string> => ({
  AWS_ENDPOINT_URL: front.url,
  AWS_ACCESS_KEY_ID: HUB_ACCOUNT,
  AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  AWS_REGION: region,
  // Nobody asks the instance metadata service or reads the developer's own AWS files.
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
});
