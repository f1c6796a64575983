import type { Ran } from "./shell.js";

/** Why a pipeline runs, in the words of neither system. */
export type Event = "review" | "merge" | "nightly" | "on-demand";

/** What a person is asked for when he starts a pipeline by hand. */
export interface Asked {
  readonly ACTION: "hibernate" | "wake";
  readonly ENVIRONMENT: string;
  readonly CLUSTERS: string;
}

export interface JobRun {
  readonly exitCode: number;
  /** What its scripts wrote. */
  readonly output: string;
  /** What people see of the run without opening its log, or what is kept of it as a file, by name. */
  readonly shown: Readonly<Record<string, string>>;
}

/** An example, ready to have its jobs run as they stand. */
export interface Pipeline {
  /** Names of the jobs that run upon an event, in the order of the file. */
  jobsOn(event: Event): readonly string[];
  /** The names among them that wait for a person or for the reviewers of an environment. */
  guardedOn(event: Event): readonly string[];
  run(job: string, asked?: Asked): Promise<JobRun>;
}

/** Where and with what the scripts of jobs run. */
export interface Runner {
  readonly folder: string;
  /** What the store of variables and secrets holds. */
  readonly store: Readonly<Record<string, string>>;
  /** `bash -eo pipefail` in `folder`, which is the project's and is not made anew for each job as on a real runner. */
  shell(script: string, environment: Readonly<Record<string, string>>): Promise<Ran>;
}
