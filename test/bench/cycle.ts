import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DEFAULT_SETTINGS, type Settings } from "../../runtime/cycle/index.js";
import type { RunRequest } from "../../runtime/run/index.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { runOnce } from "../e2e/runner.js";
import { CONTEST_SETTINGS } from "./drain-contest/contest-settings.js";
import { ownMs, phasesOf, type Phase } from "./full-cycle/phases.js";
import { CLOUD, CONTENTS, startScene, type Scene } from "./full-cycle/scene.js";
import { countAws } from "./full-cycle/count-aws.js";

/** The defaults, but for the pace of the drain: at the polite 20 evictions per second 400 pods take 20 s by declaration. */
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, drain: { ...DEFAULT_SETTINGS.drain, ...CONTEST_SETTINGS } };

/** What the `cycle` benchmark found; times in ms. */
export interface CycleFigures {
  /** Wall time without the waits that the contract declares; the lab's cloud and the pods' graces take none. */
  readonly sleepOwnMs: number;
  readonly wakeOwnMs: number;
  readonly sleep: Run;
  readonly wake: Run;
  readonly cluster: typeof CONTENTS;
  readonly cloud: typeof CLOUD;
  /** Where they differ from the defaults. */
  readonly settings: { readonly drain: typeof CONTEST_SETTINGS };
}

/** One direction; `ownMs` is `wallMs` less all that was taken off in its phases. */
interface Run {
  readonly wallMs: number;
  readonly subtractedMs: number;
  readonly calls: Phase["calls"];
  readonly phases: readonly Phase[];
}

/**
 * Puts a cluster of 20 nodes, 400 pods, 5 webhooks, cluster autoscaler and Karpenter to sleep and wakes it, and says of
 * every step what it took, what of that was a declared wait, and how many calls it made. The cloud and the graces take no
 * time here. Takes about two minutes. Progress goes to stderr.
 */
export async function runCycleBench(): Promise<CycleFigures> {
  await using scene = await startScene();
  await using scratch = scratchFolder();
  const statePath = join(scratch.path, "state.db");
  const sleep = await timeRun(scene, statePath, "hibernated");
  const wake = await timeRun(scene, statePath, "running");
  await scene.untilComplete();
  return {
    sleepOwnMs: sleep.wallMs - sleep.subtractedMs,
    wakeOwnMs: wake.wallMs - wake.subtractedMs,
    sleep,
    wake,
    cluster: CONTENTS,
    cloud: CLOUD,
    settings: { drain: CONTEST_SETTINGS },
  };
}

function scratchFolder(): { readonly path: string } & AsyncDisposable {
  const path = mkdtempSync(join(tmpdir(), "curfew-cycle-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function timeRun({ lab, cluster }: Scene, statePath: string, desired: RunRequest["desired"]): Promise<Run> {
  using _environment = environment(lab.environment);
  const aws = countAws(lab.aws);
  const report = await runOnce(cluster, statePath, desired, { settings: SETTINGS, onEvent: aws.onEvent });
  if (report.result !== "completed") throw new Error(report.summary);
  for (const warning of report.warnings) console.error(`  warning: ${warning}`);
  const log = await cluster.callLog();
  const kubernetes = log.filter(({ at, user }) => at >= report.startedAt && user.includes(":assumed-role/"));
  const phases = phasesOf(report, SETTINGS, { kubernetes, aws: aws.conclude() });
  for (const phase of phases) console.error(line(phase));
  return summarise(phases);
}

function environment(variables: Readonly<Record<string, string>>): Disposable {
  const restore = setEnvironment(variables);
  return { [Symbol.dispose]: restore };
}

function summarise(phases: readonly Phase[]): Run {
  const sum = (figure: (phase: Phase) => number) => phases.reduce((total, phase) => total + figure(phase), 0);
  const wallMs = sum((phase) => phase.wallMs);
  return {
    wallMs,
    subtractedMs: wallMs - ownMs(phases),
    calls: { aws: sum(({ calls }) => calls.aws), kubernetes: sum(({ calls }) => calls.kubernetes) },
    phases,
  };
}

function line({ step, wallMs, subtractedMs, calls, mostly, detail = "" }: Phase): string {
  return `${String(wallMs - subtractedMs).padStart(7)} ms own of ${String(wallMs).padStart(6)}  aws ${calls.aws}  kubernetes ${calls.kubernetes} (${mostly})  ${step}: ${detail}`;
}
