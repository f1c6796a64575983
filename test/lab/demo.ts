/**
 * `npm run demo`: three clusters on this computer, two of them put to sleep and woken by a real `pulumi up`.
 * `npm run demo -- hub`: the same by a hub that `pulumi up` stamps into the emulated cloud.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runCurfew } from "./demo/curfew.js";
import { installFailClosedWebhook } from "./demo/fail-closed-webhook.js";
import { showHub } from "./demo/hub-act.js";
import { heading, say } from "./demo/narrate.js";
import { policyHits, type PolicyHits } from "./demo/policy-hits.js";
import { showDeadlock } from "./demo/show-deadlock.js";
import { showRelaxed } from "./demo/show-relaxed.js";
import { showRestored } from "./demo/show-restored.js";
import { describeSizes, sizesOf } from "./demo/sizes.js";
import { up } from "./demo/up.js";
import { watchBudgets, type BudgetSeen } from "./demo/watch-budgets.js";
import { CLUSTERS, populate } from "./demo/workloads.js";
import { startLab, type Lab } from "./index.js";
import { createPulumiWorkspace, type PulumiWorkspace } from "./pulumi/index.js";
import { CATALOGUE, type ToolName } from "./tools/catalogue.js";
import { ensureTools } from "./tools/resolve.js";

const NEEDED = (Object.keys(CATALOGUE) as ToolName[]).filter((name) => name !== "kubectl");

await ensureTools(NEEDED, { progress: say });
const startedAt = performance.now();
await (process.argv[2] === "hub" ? showHub() : showPulumiUp());
say(`Done in ${Math.round((performance.now() - startedAt) / 1000)} s; nothing is left running.`);

async function showPulumiUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "curfew-demo-"));
  try {
    heading("Starting the lab: a real control plane for each of three clusters, two emulated AWS accounts");
    await using lab = await startLab({ clusters: CLUSTERS, progress: say });
    await populate(lab);
    const environment = { ...lab.environment, CURFEW_STATE: join(folder, "state.db") };
    await using stack = await createPulumiWorkspace({ environment, progress: say });
    await showNightAndMorning(lab, stack, environment);
    heading("Stopping everything");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function showNightAndMorning(
  lab: Lab,
  stack: PulumiWorkspace,
  environment: Readonly<Record<string, string>> & { readonly CURFEW_STATE: string },
): Promise<void> {
  const before = await sizesOf(lab);
  using webhook = await installFailClosedWebhook(lab.cluster("alpha"));
  const curfew = (...args: readonly string[]) => runCurfew([...args, "--config", stack.configFile], environment);

  heading("pulumi up: the calendar says that alpha and beta are asleep now, gamma is awake");
  const budgets = await watchBudgets(lab);
  await up(stack);
  say("\nWhat the declared policies did to pods that their budgets held to the deadline:");
  const hits = await policyHits(environment.CURFEW_STATE);
  for (const { cluster, forced, scaled } of hits)
    say(`  ${cluster}: ${[...forced, ...scaled].join(", ") || "nothing"}`);
  say(`Every budget, looked at ${budgets.looks()} times:`);
  for (const seen of budgets.stop()) say(`  ${judgeBudget(seen, hits)}`);
  say(`Sizes: ${describeSizes(await sizesOf(lab))}`);

  heading("curfew status");
  await curfew("status");

  heading("The morning that would never have come: alpha has a webhook on all pods, and its server's node is gone");
  await showRelaxed(webhook, environment.CURFEW_STATE);
  await showDeadlock(webhook);

  heading("The schedule moves: alpha and beta are awake now; pulumi up wakes them");
  await stack.setConfig("curfew:clusters[0].schedule", "office-always");
  await stack.setConfig("curfew:clusters[1].schedule", "office-always");
  await up(stack);
  await curfew("status");

  heading("How alpha's webhook came back");
  await showRestored(webhook, environment.CURFEW_STATE);

  const after = await sizesOf(lab);
  say(`\nSizes before: ${describeSizes(before)}`);
  say(`Sizes after:  ${describeSizes(after)}`);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error("The sizes were not restored.");
}

/** A budget may be undercut only where the report names pods that the declared policy forced. */
function judgeBudget({ cluster, name, healthy, wanted }: BudgetSeen, hits: readonly PolicyHits[]): string {
  const line = `${cluster}/${name} wants ${wanted} healthy, had never fewer than ${healthy}`;
  if (healthy >= wanted) return `${line}: respected`;
  const { forced = [], scaled = [] } = hits.find((hit) => hit.cluster === cluster) ?? {};
  if (forced.some((pod) => pod.includes(`/${name}-`)))
    return `${line}: respected until the deadline, then forced as declared`;
  if (scaled.some((owner) => owner.includes(` ${name} `)))
    return `${line}: respected until the deadline, then its owner scaled as declared`;
  throw new Error(`${line}: violated`);
}
