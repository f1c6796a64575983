import { join } from "node:path";

import { forgetInterrupted } from "./backend.js";
import { faultOfDrift } from "./drift-fault.js";
import type { EngineReport } from "./engine.js";
import type { Environment } from "./environment.js";
import { faultOfUnseen } from "./failure-reason.js";
import { endingOfFault, type Fault } from "./fault.js";
import { openEnvironment, type OpenEnvironment, type OpenShard } from "./open-environment.js";
import { failedBy, type EnvironmentResult, type StackOutcome, type StackResult } from "./outcome.js";
import { outcomeOf, runAroundHub, runStacks } from "./run-stacks.js";
import type { Session } from "./session.js";

/** What to do with an environment. */
export interface DeployRequest {
  /** `preview` shows and stops. */
  readonly verb: "preview" | "up";
  /** Look at the real clusters first, so that what drifted is put right. */
  readonly isRefreshed?: boolean;
}

/** An environment's end, and what it declares. */
export interface Deployed {
  readonly result: EnvironmentResult;
  readonly environment: Environment;
}

/**
 * Previews all stacks of an environment, holds them to the policies, asks, and then does what was previewed. Nothing is
 * changed anywhere while one stack is refused by a policy. A stack that fails leaves the others to go on, except the first
 * one if it has the hub. A stack in which nothing would change is left alone.
 */
export async function deployEnvironment(
  environment: Environment,
  { verb, isRefreshed = false }: DeployRequest,
  session: Session,
): Promise<Deployed> {
  const { name } = environment;
  const opened = await openEnvironment(environment, session);
  if (!opened.ok) return { result: { environment: name, stacks: [], fault: opened.fault, advice: [] }, environment };
  const open = opened.value;
  const shards = open.shards.filter(isInUse);
  const { policyPack } = session;
  session.reporter.environment(name, { stacks: shards.length, clusters: environment.clusters.length, policyPack });
  const { shown, previews } = await previewAll(shards, isRefreshed, session);
  const advice = [...new Set([...previews.values()].flatMap((report) => report.advice))];
  // The engine takes a cluster that it may not look at for unchanged; the others of its stack are put right all the same.
  const withUnseen = (result: StackResult): StackResult =>
    failedBy(result, faultOfUnseen(previews.get(result.stack)?.unseen ?? []));
  const end = (stacks: readonly StackResult[], fault?: Fault): Deployed => ({
    result: { environment: name, stacks: stacks.map(withUnseen), advice, ...(fault && { fault }) },
    environment,
  });
  const endAll = (stacks: readonly StackResult[]): Deployed => end(stacks, leftToHub(environment, stacks, previews));
  const veto = shown.find((result) => isVeto(result, open))?.outcome;
  if (veto?.kind === "failed") return end(shown, veto.fault);
  const due = shards.filter((shard) => isDue(shard, previews.get(shard.stack), open));
  if (verb === "preview" || due.length === 0) return endAll(shown);
  const refusal = await session.approve(question(name, due, previews));
  if (refusal !== undefined) return end(shown, refusal);
  const done = await applyAll(due, { open, isRefreshed }, session);
  return endAll(shown.map((preview) => done.find(({ stack }) => stack === preview.stack) ?? preview));
}

/** Clusters that were not as they were left and still are not: no `up` moves one beside a hub. */
function leftToHub(environment: Environment, stacks: readonly StackResult[], previews: Previews): Fault | undefined {
  const words = [...previews.values()].flatMap(({ drift }) => drift);
  if (environment.fleet.hub === null || words.length === 0) return undefined;
  return stacks.some(({ outcome }) => "fault" in outcome) ? undefined : faultOfDrift(environment, words);
}

/** A stack that should hold something, or does; the environment's own is always made. */
function isInUse({ number, clusters, held }: OpenShard): boolean {
  return number === 1 || clusters.length > 0 || !held.isEmpty;
}

type Previews = ReadonlyMap<string, EngineReport>;

async function previewAll(
  shards: readonly OpenShard[],
  isRefreshed: boolean,
  session: Session,
): Promise<{ readonly shown: readonly StackResult[]; readonly previews: Previews }> {
  const previews = new Map<string, EngineReport>();
  const preview = async (shard: OpenShard): Promise<StackOutcome> => {
    const report = await shard.engine.preview({ planFile: planFileOf(shard, isRefreshed, session), isRefreshed });
    previews.set(shard.stack, report);
    return outcomeOf(report, "previewed");
  };
  return { shown: await runStacks(shards, "preview", preview, session), previews };
}

/** A plan made with a refresh cannot be kept to: the second look would have to see the same. */
function planFileOf({ stack }: OpenShard, isRefreshed: boolean, { cli, folder }: Session): string | undefined {
  return cli.hasPlans && !isRefreshed ? join(folder, `${stack}.plan.json`) : undefined;
}

/** A failure that concerns all stacks: a refusal, whichever met it first, or a hub that the others need. */
function isVeto({ stack, outcome }: StackResult, { environment }: OpenEnvironment): boolean {
  if (outcome.kind !== "failed") return false;
  const hasHub = environment.fleet.hub !== null && stack === environment.name;
  return hasHub || endingOfFault(outcome.fault) === "blocked";
}

/** Clusters beside the hub have to go before its table; that one which has just moved in is not tied to it yet is no change to a preview. */
function isDue(
  { number, isNew, held }: OpenShard,
  report: EngineReport | undefined,
  { environment }: OpenEnvironment,
): boolean {
  if (report === undefined || report.fault !== undefined) return false;
  const isBesideHub = number === 1 && environment.fleet.hub !== null;
  const hasLoose = isBesideHub && held.clusters.some(({ isTied }) => !isTied);
  return isNew || hasLoose || report.changes.length > 0 || report.renamed > 0 || held.interrupted.length > 0;
}

async function applyAll(
  due: readonly OpenShard[],
  { open, isRefreshed }: { readonly open: OpenEnvironment; readonly isRefreshed: boolean },
  session: Session,
): Promise<readonly StackResult[]> {
  const apply = async (shard: OpenShard): Promise<StackOutcome> => {
    const report = await shard.engine.up({ planFile: planFileOf(shard, isRefreshed, session), isRefreshed });
    if (report.fault === undefined && shard.held.interrupted.length > 0) await forget(shard, open, session);
    return outcomeOf(report, "changed");
  };
  return runAroundHub(due, { hub: "first", phase: "up", work: apply }, open, session);
}

/** What was cut off has been made by now; that the engine goes on warning of it is all that a failure here means. */
async function forget({ stack }: OpenShard, { environment }: OpenEnvironment, session: Session): Promise<void> {
  const forgotten = await forgetInterrupted(stack, session);
  if (!forgotten.ok) session.reporter.note(environment.name, `${stack}: ${forgotten.fault.message}`);
}

function question(name: string, due: readonly OpenShard[], previews: Previews): string {
  const changes = due.flatMap(({ stack }) => previews.get(stack)?.changes ?? []);
  const counts = [...Map.groupBy(changes, ({ kind }) => kind)].map(([kind, some]) => `${some.length} to ${kind}`);
  return `${name}: ${counts.join(", ") || "nothing to change"}, in ${due.length} ${due.length === 1 ? "stack" : "stacks"}. Go on?`;
}
