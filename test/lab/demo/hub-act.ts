import { clusterId, type FleetStore } from "../../../runtime/ports/index.js";
import type { DesiredState } from "../../../runtime/schedule/index.js";
import { startHubLab, type HubLab } from "../hub/hub-lab.js";
import type { StateResource } from "../pulumi/index.js";
import { until } from "../until.js";
import { runCurfew } from "./curfew.js";
import { followWorkers } from "./follow-workers.js";
import { heading, say } from "./narrate.js";
import { describeSizes, sizesOf } from "./sizes.js";
import { up } from "./up.js";
import { CLUSTERS, populate } from "./workloads.js";

const REGION = "eu-west-1";
const SHARDS = 4;
const TICK_MS = 3_000;
const PATIENCE_MS = 180_000;
/** What is told of `pulumi up`: the schedules and the sums, not each of the hub's sixty resources. */
const TOLD = /ClusterSchedule .*(created|updated)|^ {4}\S? ?\d+ /;

const HUB_CONFIG = {
  region: REGION,
  dueShards: String(SHARDS),
  deletionProtection: "false",
  "workers.timeoutSeconds": "60",
};

/**
 * The second act: the same clusters, but it is the hub that puts them to sleep and wakes them. `pulumi up` stamps its
 * table, queues, functions and ticks into the emulated cloud, where they run.
 */
export async function showHub(): Promise<void> {
  heading("Starting the lab: a real control plane for each of three clusters, three emulated AWS accounts");
  await using hub = await startHubLab({ clusters: CLUSTERS, region: REGION, progress: say });
  const { lab, stack } = hub;
  await populate(lab);
  const before = await sizesOf(lab);
  const store = hub.openStore(SHARDS);
  const workers = followWorkers(hub, ["curfew-worker-0", "curfew-worker-1"]);

  heading("pulumi up: a hub, and the schedules of alpha, beta (asleep) and gamma (awake) registered with it");
  for (const [name, value] of Object.entries(HUB_CONFIG)) await stack.setConfig(`curfew:hub.${name}`, value);
  await up(stack, (line) => TOLD.test(line));
  say(`The hub: ${describeParts(await stack.resources())}`);
  say(`Sizes, as nothing has ticked yet: ${describeSizes(await sizesOf(lab))}`);

  heading("The tick fires (a minute takes three seconds here): planner, queues, workers");
  await hub.startTicks(TICK_MS);
  await workers.during(untilAll(store, { alpha: "hibernated", beta: "hibernated", gamma: "running" }));
  say(`Sizes: ${describeSizes(await sizesOf(lab))}`);
  const { state } = (await stack.outputs())["hub"] as { readonly state: string };
  const environment = { ...lab.environment, AWS_REGION: REGION, CURFEW_STATE: state };
  say(`\ncurfew status, read from ${state}:`);
  await runCurfew(["status", "--config", stack.configFile], environment);

  heading("The schedule moves: alpha and beta are awake now; pulumi up registers that, the hub wakes them");
  await stack.setConfig("curfew:clusters[0].schedule", "office-always");
  await stack.setConfig("curfew:clusters[1].schedule", "office-always");
  await up(stack, (line) => TOLD.test(line));
  await workers.during(untilAll(store, { alpha: "running", beta: "running", gamma: "running" }));
  const after = await sizesOf(lab);
  say(`\nSizes before: ${describeSizes(before)}`);
  say(`Sizes after:  ${describeSizes(after)}`);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error("The sizes were not restored.");
  tellCalls(hub);

  heading("pulumi destroy, and stopping everything");
  const { exitCode, output } = await stack.destroy();
  if (exitCode !== 0) throw new Error(`pulumi destroy ended with ${String(exitCode)}:\n${output.slice(-4_000)}`);
}

/** Until each cluster is in its state, and the hub knows. */
async function untilAll(store: FleetStore, wanted: Readonly<Record<string, DesiredState>>): Promise<void> {
  for (const cluster of CLUSTERS) {
    await until(async () => {
      const entry = await store.readEntry(clusterId(cluster));
      return entry?.wanted === wanted[cluster.name] && entry?.unconvergedSince === null;
    }, PATIENCE_MS);
  }
}

/** How many there are of each kind of AWS resource. */
function describeParts(resources: readonly StateResource[]): string {
  const kinds = resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
  return [...Map.groupBy(kinds, (type) => type.split(":").at(-1) ?? type)]
    .map(([kind, all]) => `${all.length} ${kind}`)
    .join(", ");
}

/** Who called what: the hub's account only assumes roles and reads its own table. */
function tellCalls({ lab }: HubLab): void {
  const calls = lab.aws.calls().filter(({ action }) => ["AssumeRole", "UpdateNodegroupConfig"].includes(action));
  say("AWS calls that count:");
  for (const { account, service, action, count } of calls) say(`  ${account} ${service}:${action} ${count}`);
}
