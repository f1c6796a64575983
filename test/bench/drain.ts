import { parseArgs } from "node:util";

import type { DrainSettings } from "../../runtime/drain/index.js";
import { resolveTool } from "../lab/tools/resolve.js";
import { startArena, type Arena } from "./drain-contest/arena.js";
import { CONTEST_SETTINGS } from "./drain-contest/contest-settings.js";
import { runKubectl, runScript, type Contest, type Result } from "./drain-contest/contestant.js";
import { countingViolations } from "./drain-contest/violations.js";

/** What the `drain` benchmark found; times are medians in ms. */
export interface DrainFigures {
  readonly oursMs: number;
  /** One `kubectl drain` of all ten nodes. */
  readonly kubectlMs: number;
  /** Ten `kubectl drain` processes at once. */
  readonly kubectlParallelMs: number;
  /** How many times as long kubectl takes. */
  readonly ratio: number;
  readonly ratioParallel: number;
  /** Budgets that had fewer healthy pods than they need at any time in any of our drains. */
  readonly pdbViolations: number;
  /** A bare eviction loop at 50 in flight: what this API server can do. */
  readonly floorMs: number;
  readonly floorRatio: number;
  readonly rounds: number;
  readonly settings: Partial<DrainSettings>;
}

interface Times {
  readonly ours: number[];
  readonly floor: number[];
  readonly parallel: number[];
  readonly single: number[];
}

const USUAL_ROUNDS = 3;

/**
 * Drains ten nodes of thirty pods each under ten budgets, by turns with Curfew, a bare loop and kubectl.
 * `--rounds N` (default 3) says how often; the single kubectl takes over a minute and has one turn unless
 * `--rounds` is given. Takes about four minutes. Progress goes to stderr.
 */
export async function runDrainBench(): Promise<DrainFigures> {
  const { values } = parseArgs({ options: { rounds: { type: "string" } }, strict: false });
  const rounds = Math.max(1, Math.trunc(Number(values.rounds ?? USUAL_ROUNDS)));
  const singleRounds = values.rounds === undefined ? 1 : rounds;
  const kubectl = await resolveTool("kubectl", { progress: say });
  await using arena = await startArena();
  const { nodes } = arena;
  const contest = contestIn(arena);
  const times: Times = { ours: [], floor: [], parallel: [], single: [] };
  let pdbViolations = 0;
  for (let round = 0; round < rounds; round++) {
    await takeTurn(arena, times.ours, "curfew", async () => {
      const { result, violations } = await countingViolations(arena.cluster.admin, () =>
        runScript("curfew-child", contest),
      );
      pdbViolations += violations;
      return result;
    });
    await takeTurn(arena, times.floor, "bare loop", () => runScript("loop-child", contest));
    const nodeByNode = nodes.map((node) => [node]);
    await takeTurn(arena, times.parallel, "kubectl x10", () => runKubectl(kubectl, contest, nodeByNode));
    if (round < singleRounds) {
      await takeTurn(arena, times.single, "kubectl", () => runKubectl(kubectl, contest, [nodes]));
    }
  }
  return { ...compare(times), pdbViolations, rounds, settings: CONTEST_SETTINGS };
}

function contestIn({ cluster, nodes, token, kubeconfigPath }: Arena): Contest {
  return { server: cluster.endpoint, certificateAuthority: cluster.caPem, nodes, token, kubeconfigPath };
}

/** Fills the nodes, lets one contestant empty them, and makes sure that it did. */
async function takeTurn(arena: Arena, times: number[], name: string, contestant: () => Promise<Result>): Promise<void> {
  await arena.refill();
  const { ms, note } = await contestant();
  const left = await arena.countPods();
  if (left > 0) throw new Error(`${name} left ${left} pods`);
  times.push(ms);
  say(`${name}: ${Math.round(ms)} ms ${note}`);
}

function compare({ ours, floor, parallel, single }: Times) {
  const [oursMs, floorMs, kubectlParallelMs, kubectlMs] = [ours, floor, parallel, single].map(median) as Four;
  return {
    oursMs,
    kubectlMs,
    kubectlParallelMs,
    ratio: rounded(kubectlMs / oursMs),
    ratioParallel: rounded(kubectlParallelMs / oursMs),
    floorMs,
    floorRatio: rounded(oursMs / floorMs),
  };
}

type Four = [number, number, number, number];

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return Math.round((low + high) / 2);
}

const rounded = (ratio: number): number => Math.round(ratio * 100) / 100;

const say = (line: string): void => console.error(line);
