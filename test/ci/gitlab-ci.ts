import { readFile } from "node:fs/promises";

import { parse } from "yaml";

import { packagePath } from "../lab/package-path.js";
import { forget, readFiles } from "./kept-files.js";
import type { Asked, Event, JobRun, Pipeline, Runner } from "./pipeline.js";

type Variables = Readonly<Record<string, string>>;
interface Job {
  readonly extends?: string;
  readonly variables?: Variables;
  readonly id_tokens?: Readonly<Record<string, unknown>>;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly environment?: string;
  readonly timeout?: string;
  readonly rules?: readonly { readonly if: string; readonly when?: string }[];
  readonly artifacts?: { readonly paths: readonly string[] };
}
export interface Configuration extends Readonly<Record<string, unknown>> {
  readonly variables: Readonly<Record<string, string | { readonly value: string }>>;
}

/** Keys of the file that are no jobs. */
const GLOBAL: readonly string[] = ["stages", "workflow", "variables", "default"];

const SOURCES: Readonly<Record<Event, string>> = {
  review: "merge_request_event",
  merge: "push",
  nightly: "schedule",
  "on-demand": "web",
};

export async function readConfiguration(): Promise<Configuration> {
  return parse(await readFile(packagePath("stacks", "ci", "gitlab-ci.yml"), "utf8")) as Configuration;
}

/** The jobs by name, with what they extend; templates are not among them. */
export function jobsOf(configuration: Configuration): ReadonlyMap<string, Job> {
  const names = Object.keys(configuration).filter((name) => !name.startsWith(".") && !GLOBAL.includes(name));
  return new Map(names.map((name) => [name, extended(configuration, name)]));
}

/** stacks/ci/gitlab-ci.yml on a runner. */
export async function gitlabCi(runner: Runner): Promise<Pipeline> {
  const configuration = await readConfiguration();
  const jobs = jobsOf(configuration);
  const ruleOf = (job: Job, event: Event) =>
    job.rules?.find((rule) => rule.if === `$CI_PIPELINE_SOURCE == "${SOURCES[event]}"`);
  const namesOn = (event: Event, isWanted: (rule: { readonly when?: string }) => boolean) =>
    [...jobs].flatMap(([name, job]) => {
      const rule = ruleOf(job, event);
      return rule !== undefined && isWanted(rule) ? [name] : [];
    });
  return {
    jobsOn: (event) => namesOn(event, () => true),
    guardedOn: (event) => namesOn(event, ({ when }) => when === "manual"),
    run: (name, asked) => runJob(configuration, jobs.get(name), { runner, asked }),
  };
}

/** As GitLab does it: maps are laid over each other, lists are replaced. */
function extended(configuration: Configuration, name: string): Job {
  const job = configuration[name] as Job;
  if (job.extends === undefined) return job;
  const base = extended(configuration, job.extends);
  return { ...base, ...job, variables: { ...base.variables, ...job.variables } };
}

interface Around {
  readonly runner: Runner;
  readonly asked: Asked | undefined;
}

async function runJob(configuration: Configuration, job: Job | undefined, { runner, asked }: Around): Promise<JobRun> {
  if (job?.script === undefined) throw new Error("there is no such job");
  const environment = expandAll({
    ...runner.store,
    CI_BUILDS_DIR: runner.folder,
    CI_JOB_ID: "1",
    ...Object.fromEntries(Object.keys(job.id_tokens ?? {}).map((name) => [name, "a token"])),
    ...defaultsOf(configuration),
    ...job.variables,
    ...asked,
  });
  const files = Object.fromEntries((job.artifacts?.paths ?? []).map((path) => [path, path]));
  await forget(Object.values(files), runner);
  // One shell for both lists, as a runner does it; what comes after has its own.
  const ran = await runner.shell([...(job.before_script ?? []), ...job.script].join("\n"), environment);
  if (job.after_script !== undefined) await runner.shell(job.after_script.join("\n"), environment);
  return { ...ran, shown: await readFiles(files, runner) };
}

function defaultsOf({ variables }: Configuration): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, typeof value === "string" ? value : value.value]),
  );
}

/** Variables may name others, which may name others in their turn. What nobody set is empty, as on a runner. */
function expandAll(variables: Variables): Variables {
  const expand = (text: string): string => text.replace(/\$(\w+)/g, (_, name: string) => expand(variables[name] ?? ""));
  return Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, expand(text)]));
}
