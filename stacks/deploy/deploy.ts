import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import { EXIT, type ExitCode } from "../../runtime/cli/exit-codes.js";
import type { Terminal } from "../../runtime/cli/terminal.js";
import { createApproval, type ApprovalOptions } from "./approval.js";
import { deployEnvironment, type Deployed } from "./deploy-environment.js";
import { destroyEnvironment } from "./destroy-environment.js";
import { readEnvironments, type Environment } from "./environment.js";
import { endingOfFault, type Attempt, type Fault } from "./fault.js";
import { findDrift } from "./find-drift.js";
import { NOT_BEGUN } from "./interrupted.js";
import { exitCodeOfResults, isSound } from "./outcome.js";
import { findPolicyPack } from "./policy-pack.js";
import type { DeployOptions } from "./program.js";
import { readProject } from "./project.js";
import { findPulumi } from "./pulumi-cli.js";
import { rebalanceEnvironment } from "./rebalance-environment.js";
import { createReporter, type ScrubbingReporter } from "./reporter.js";
import type { Patience } from "./retry.js";
import { secretVariables } from "./scrub.js";
import type { Session } from "./session.js";
import { createDeployFolder } from "./shard-workspace.js";
import { summarise } from "./summary.js";
import { summaryMarkdown } from "./summary-markdown.js";
import { summaryText } from "./summary-words.js";

/** What a deployment needs of the process it runs in. */
export interface DeployHost {
  /** Absolute. */
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Where a person can be asked; undefined without one. */
  readonly person: ApprovalOptions["terminal"];
  readonly patience: Patience;
  /** As in {@link Session}. */
  readonly stopping: AbortSignal;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly mayFree: Session["mayFree"];
}

/** Does one `curfew deploy` command on environments in their order, and gives its exit code. One that fails stops those after it. */
export async function deploy(options: DeployOptions, host: DeployHost): Promise<ExitCode> {
  const { terminal, variables, now } = host;
  const secrets = secretVariables(variables);
  const reporter = createReporter({ ...terminal, isJson: options.json, now, secrets });
  const folder = await createDeployFolder();
  try {
    const project = await readProject(host.cwd);
    if (!project.ok) return refuse(project.fault, { options, reporter, terminal });
    const environments = await readEnvironments(options.environments, project.value, variables);
    if (!environments.ok) return refuse(environments.fault, { options, reporter, terminal });
    const session = await openSession(options, { ...host, folder, reporter, project: project.value });
    if (!session.ok) return refuse(session.fault, { options, reporter, terminal });
    const ended = await inOrder(environments.value, options, session.value);
    return await conclude(ended, { options, reporter, host });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openSession(
  options: DeployOptions,
  host: DeployHost & Pick<Session, "project" | "folder"> & { readonly reporter: ScrubbingReporter },
): Promise<Attempt<Session>> {
  const { cwd, project, reporter, folder, patience, stopping, signal, person } = host;
  const cli = await findPulumi();
  if (!cli.ok) return cli;
  const policyPack = await findPolicyPack(options.policyPack, { cwd, project: project.folder });
  if (!policyPack.ok) return policyPack;
  const value: Session = {
    ...{ project, cli: cli.value, policyPack: policyPack.value },
    ...{ reporter, patience, stopping, signal, folder },
    parallel: options.parallel,
    approve: createApproval({ isGiven: options.yes, terminal: person, stopping }),
    mayFree: (holder) => options.unlock && host.mayFree(holder),
  };
  return { ok: true, value };
}

async function inOrder(
  environments: readonly Environment[],
  { verb, repair }: DeployOptions,
  session: Session,
): Promise<readonly Deployed[]> {
  const ended: Deployed[] = [];
  for (const environment of environments) {
    const deployed = await work(environment, session, { verb, repair });
    ended.push(deployed);
    // What only looks at environments looks at all of them.
    const isLook = verb === "preview" || (verb === "drift" && !repair);
    if (!isLook && !isSound(deployed.result)) break;
  }
  return ended;
}

function work(
  environment: Environment,
  session: Session,
  { verb, repair }: Pick<DeployOptions, "verb" | "repair">,
): Promise<Deployed> {
  if (session.stopping.aborted) return Promise.resolve(leave(environment));
  switch (verb) {
    case "preview":
    case "up":
      return deployEnvironment(environment, { verb }, session);
    case "drift":
      return repair
        ? deployEnvironment(environment, { verb: "up", isRefreshed: true }, session)
        : findDrift(environment, session);
    case "destroy":
      return destroyEnvironment(environment, session);
    case "rebalance":
      return rebalanceEnvironment(environment, session);
  }
}

function leave(environment: Environment): Deployed {
  return { result: { environment: environment.name, stacks: [], fault: NOT_BEGUN, advice: [] }, environment };
}

interface Answering {
  readonly options: DeployOptions;
  readonly reporter: ScrubbingReporter;
}

async function conclude(
  ended: readonly Deployed[],
  { options, reporter, host }: Answering & { readonly host: DeployHost },
): Promise<ExitCode> {
  const exitCode = exitCodeOfResults(ended.map(({ result }) => result));
  const environments = ended.map((deployed) => summarise(deployed, host.now()));
  const notBegun = options.environments.slice(ended.length);
  if (options.summary !== undefined) {
    const markdown = reporter.scrub(summaryMarkdown(options.verb, environments));
    await writeFile(resolve(host.cwd, options.summary), markdown);
  }
  if (options.json) reporter.document({ event: "summary", command: options.verb, exitCode, environments, notBegun });
  else {
    for (const summary of environments) host.terminal.print(reporter.scrub(summaryText(summary, host.terminal)));
    if (notBegun.length > 0) host.terminal.print(`not begun: ${notBegun.join(", ")}`);
  }
  return exitCode;
}

function refuse(fault: Fault, { options, reporter, terminal }: Answering & { readonly terminal: Terminal }): ExitCode {
  if (options.json) reporter.document({ event: "summary", command: options.verb, error: fault });
  else terminal.tell(reporter.scrub(`[${fault.code}] ${fault.message}\n${fault.remedy}`));
  return EXIT[endingOfFault(fault)];
}
