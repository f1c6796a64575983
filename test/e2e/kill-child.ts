/** Runs one cluster towards one state and kills itself without warning at the moment it was told. Not a test: the test judges. */
import type { SettingsInput } from "../../runtime/cycle/index.js";
import type { RunRequest } from "../../runtime/run/index.js";
import { tellMoments } from "./moments.js";
import { runOnce, type ClusterAddress } from "./runner.js";

/** What the test tells the process, as JSON in its first argument. */
export interface KillOrder {
  readonly address: ClusterAddress;
  readonly statePath: string;
  readonly desired: RunRequest["desired"];
  readonly settings: SettingsInput;
  readonly dieAt: string;
}

const order = JSON.parse(process.argv[2] ?? "") as KillOrder;
const moments = tellMoments((moment) => {
  if (moment === order.dieAt) process.kill(process.pid, "SIGKILL");
});
await runOnce(order.address, order.statePath, order.desired, { settings: order.settings, ...moments });
