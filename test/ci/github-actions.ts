import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { parse } from "yaml";

import { packagePath } from "../lab/package-path.js";
import { forget, readFiles } from "./kept-files.js";
import type { Asked, Event, JobRun, Pipeline, Runner } from "./pipeline.js";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Variables;
}
interface Job {
  readonly if: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly env?: Variables;
  readonly steps: readonly Step[];
}
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Variables;
  readonly jobs: Readonly<Record<string, Job>>;
}
type Variables = Readonly<Record<string, string>>;

/** Actions prepare what is on this computer already, or carry files away: they are left out, and no others may be there. */
export const LEFT_OUT: readonly string[] = [
  "actions/checkout",
  "actions/setup-node",
  "actions/cache",
  "actions/upload-artifact",
  "aws-actions/configure-aws-credentials",
  "pulumi/actions",
];

const EVENTS: Readonly<Record<Event, string>> = {
  review: "pull_request",
  merge: "push",
  nightly: "schedule",
  "on-demand": "workflow_dispatch",
};

const SUMMARY = "step-summary.md";

export async function readWorkflow(): Promise<Workflow> {
  return parse(await readFile(packagePath("stacks", "ci", "github-actions.yml"), "utf8")) as Workflow;
}

/** stacks/ci/github-actions.yml on a runner. */
export async function githubActions(runner: Runner): Promise<Pipeline> {
  const workflow = await readWorkflow();
  const jobsOn = (event: Event) =>
    Object.entries(workflow.jobs)
      .filter(([, job]) => job.if.startsWith(`github.event_name == '${EVENTS[event]}'`))
      .map(([name]) => name);
  return {
    jobsOn: (event) => {
      if (!(EVENTS[event] in workflow.on)) throw new Error(`the workflow does not run on ${EVENTS[event]}`);
      return jobsOn(event);
    },
    guardedOn: (event) => jobsOn(event).filter((name) => workflow.jobs[name]?.environment !== undefined),
    run: (name, asked) => runJob(workflow, name, { runner, asked }),
  };
}

interface Around {
  readonly runner: Runner;
  readonly asked: Asked | undefined;
}

async function runJob(workflow: Workflow, name: string, { runner, asked }: Around): Promise<JobRun> {
  const job = workflow.jobs[name];
  if (job === undefined) throw new Error(`there is no job ${name}`);
  const files = filesOf(job);
  await forget(Object.values(files), runner);
  const outputs: string[] = [];
  let exitCode = 0;
  for (const step of job.steps) {
    refuseStranger(step);
    if (step.run === undefined || !isDue(step, exitCode)) continue;
    const declared = { ...workflow.env, ...job.env, ...step.env };
    const environment = {
      ...substituteAll(declared, runner.store, asked),
      GITHUB_STEP_SUMMARY: join(runner.folder, SUMMARY),
    };
    const ran = await runner.shell(step.run, environment);
    outputs.push(ran.output);
    // As on GitHub, the first failure is the job's, and later steps run only where they say so.
    exitCode ||= ran.exitCode;
  }
  return { exitCode, output: outputs.join(""), shown: await readFiles(files, runner) };
}

/** What people see of a job: its summary, and the files that it keeps. */
function filesOf({ steps }: Job): Variables {
  const kept = steps.filter(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
  const paths = kept.map((step) => String(step.with?.["path"]));
  return { summary: SUMMARY, ...Object.fromEntries(paths.map((path) => [path, path])) };
}

function refuseStranger({ uses, run, name }: Step): void {
  if ((uses === undefined) === (run === undefined)) throw new Error(`a step uses or runs something: ${String(name)}`);
  if (uses !== undefined && !LEFT_OUT.includes(uses.split("@")[0] ?? "")) throw new Error(`${uses} is not known here`);
}

function isDue({ if: condition }: Step, exitCode: number): boolean {
  if (condition !== undefined && condition !== "always()") throw new Error(`${condition} is not understood here`);
  return exitCode === 0 || condition === "always()";
}

function substituteAll(declared: Variables, store: Variables, asked: Asked | undefined): Variables {
  return Object.fromEntries(
    Object.entries(declared).map(([name, text]) => [name, substitute(text, store, asked)] as const),
  );
}

/** Of GitHub's expressions the store of variables and secrets, and what was asked for. */
function substitute(text: string, store: Variables, asked: Asked | undefined): string {
  return text.replace(/\$\{\{ *(.+?) *\}\}/g, (whole, expression: string) => {
    const [context = "", key = ""] = expression.split(".");
    const given: Readonly<Record<string, Variables | undefined>> = {
      vars: store,
      secrets: store,
      inputs: inputs(asked),
    };
    const value = given[context]?.[key];
    if (value === undefined) throw new Error(`${whole} has no value here`);
    return value;
  });
}

function inputs(asked: Asked | undefined): Variables | undefined {
  return asked && { action: asked.ACTION, environment: asked.ENVIRONMENT, clusters: asked.CLUSTERS };
}
