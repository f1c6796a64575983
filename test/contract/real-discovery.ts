import { openAwsDiscovery } from "../../runtime/compose-discovery.js";
import { createSystemClock } from "../../runtime/adapters/system/clock.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { startEmulator, type Emulator } from "../lab/emulator/emulator.js";
import { startFront, type Front } from "../lab/emulator/front.js";
import { provisionCluster, spokeRoleArn } from "../lab/emulator/provision.js";
import { environmentOf } from "../lab/lab-aws.js";
import { startProcessGroup } from "../lab/process/process-group.js";
import { resolveTool } from "../lab/tools/resolve.js";
import type { DiscoveryFixture } from "./discovery.js";

/** No control plane stands behind these clusters: this port never calls one. */
const API = {
  endpoint: "https://127.0.0.1:6443",
  caPem: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
};

/** The AWS adapter over the emulated EKS; the environment leads every AWS client there until it is closed. */
export interface RealDiscovery extends DiscoveryFixture {
  readonly emulator: Emulator;
  readonly front: Front;
}

/** Starts the emulated cloud. Accounts have a spoke role as soon as they have a cluster. */
export async function openRealDiscovery(): Promise<RealDiscovery> {
  await using starting = new AsyncDisposableStack();
  const processes = await startProcessGroup();
  starting.defer(() => processes.stop());
  const emulator = await startEmulator(processes, await resolveTool("ministack"));
  starting.defer(() => emulator.close());
  const front = await startFront(emulator.url);
  starting.defer(() => front.close());
  starting.defer(setEnvironment(environmentOf(front, "eu-west-1")));
  const { discovery, close } = openAwsDiscovery(createSystemClock(), "contract");
  starting.defer(close);
  await emulator.control("create-role", { arn: spokeRoleArn("311111111111") });
  const running = starting.move();
  return {
    emulator,
    front,
    discovery,
    access: (account) => ({ roleArn: spokeRoleArn(account) }),
    addCluster: (identity, tags) => provisionCluster(emulator, { ...identity, tags, groups: [] }, API),
    closed: { account: "399999999999", region: "eu-west-1" },
    close: () => running.disposeAsync(),
  };
}
