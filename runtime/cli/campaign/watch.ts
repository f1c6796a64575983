import { groupsOf, parseOrder, watchGroups, type GroupProgress } from "../../fleet/campaign/index.js";
import type { CampaignRun } from "../../ports/index.js";
import type { CommandScope } from "../command-scope.js";
import type { SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { isoOf } from "../instant.js";
import { withProject } from "../with-project.js";
import { withHub } from "../with-runtime.js";

/** Step Functions answers 10 to 15 of these questions a second to the whole account (aws.md §9). */
const EVERY_MS = 10_000;

/** How far a campaign is. */
interface CampaignView {
  readonly run: CampaignRun;
  readonly groups: readonly GroupProgress[];
}

/**
 * Tells how far a campaign is until it ends, or until a person has seen enough; the campaign itself goes on. 0: all
 * succeeded, 1: failed or stopped, 4: still running.
 */
export function watchCampaign(id: string, options: SourceOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  return withProject(options, scope, (project) =>
    withHub(project, host, async ({ campaigns, fleet }, { clock }) => {
      const order = parseOrder((await campaigns.read(id)).order);
      const look = watchGroups(await groupsOf(order, fleet), order.state, fleet);
      let told = "";
      for (;;) {
        // The campaign first: what it says to be over is there by the time that the table is asked.
        const run = await campaigns.read(id);
        const view = { run, groups: await look() };
        const words = wordsOf(view);
        const isOver = run.status !== "running" || host.signal.aborted;
        if (isOver) return end(id, view, scope);
        if (words !== told) terminal.tell(words);
        told = words;
        await clock.sleep(EVERY_MS, host.signal);
      }
    }),
  );
}

function end(id: string, view: CampaignView, { terminal }: CommandScope): ExitCode {
  const { run, groups } = view;
  const endedAt = run.endedAt === null ? null : isoOf(run.endedAt);
  if (terminal.isJson) {
    terminal.document({ campaign: id, status: run.status, endedAt, cause: run.cause, groups });
  } else {
    terminal.print(wordsOf(view));
    terminal.print(lastWords(run, endedAt));
  }
  return exitCodeOf(run);
}

function wordsOf({ groups }: CampaignView): string {
  return groups
    .map(({ name, total, there, failing }) => {
      const failures = failing.map(({ cluster, code }) => `\n  ${cluster}: [${code}]`).join("");
      return `${name}: ${there} of ${total} there${failures}`;
    })
    .join("\n");
}

function lastWords({ status, cause }: CampaignRun, endedAt: string | null): string {
  if (status === "running") return "The campaign goes on without being watched.";
  const why = cause === null ? "" : `: ${cause}`;
  const word = status === "succeeded" ? "Done" : status === "stopped" ? "Stopped" : "Failed";
  return `${word}${endedAt === null ? "" : ` at ${endedAt}`}${why}`;
}

function exitCodeOf({ status }: CampaignRun): ExitCode {
  if (status === "running") return EXIT.partial;
  return status === "succeeded" ? EXIT.done : EXIT.failed;
}
