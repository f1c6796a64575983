import { openAwsDiscovery } from "../../runtime/compose-discovery.js";
import { createSystemClock } from "../../runtime/adapters/system/clock.js";
import type { Emulator } from "../lab/emulator/emulator.js";
import type { Front } from "../lab/emulator/front.js";
import { provisionCluster, spokeRoleArn } from "../lab/emulator/provision.js";
import type { DiscoveryFixture } from "./discovery.js";
import { NO_API, startEmulatedAws } from "./emulated-aws.js";

/** The AWS adapter over the emulated EKS; the environment leads every AWS client there until it is closed. */
export interface RealDiscovery extends DiscoveryFixture {
  readonly emulator: Emulator;
  readonly front: Front;
}

/** Starts the emulated cloud. Accounts have a spoke role as soon as they have a cluster. */
export async function openRealDiscovery(): Promise<RealDiscovery> {
  await using starting = new AsyncDisposableStack();
  const { emulator, front } = starting.use(await startEmulatedAws("eu-west-1"));
  const { discovery, close } = openAwsDiscovery(createSystemClock(), "contract");
  starting.defer(close);
  await emulator.control("create-role", { arn: spokeRoleArn("311111111111") });
  const running = starting.move();
  return {
    emulator,
    front,
    discovery,
    access: (account) => ({ roleArn: spokeRoleArn(account) }),
    addCluster: (identity, tags) => provisionCluster(emulator, { ...identity, tags, groups: [] }, NO_API),
    closed: { account: "399999999999", region: "eu-west-1" },
    close: () => running.disposeAsync(),
  };
}
