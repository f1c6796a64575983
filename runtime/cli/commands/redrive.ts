import type { Command } from "commander";

import { hubQueueNames } from "../../config/index.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import type { ExitCode } from "../exit-codes.js";
import type { Project } from "../load-project.js";
import { exitCodeOfQueues, redriveQueue, sentenceOf } from "../redrive/redrive-queue.js";
import { usageError } from "../usage-error.js";
import { withHub } from "../with-runtime.js";
import { withProject } from "../with-project.js";

const EXAMPLE = `
Example:
  curfew redrive --stack prod --dry-run
  curfew redrive --stack prod

A message lies among the dead letters when no worker got through with it in several tries. It carries no verb: a worker
asks what is wanted of its cluster by then, so that an old one does no harm. What cannot be read at all comes back here.
SQS moves the messages by itself; --dry-run shows how many are left.
`;

interface RedriveOptions extends SourceOptions {
  readonly queue?: readonly string[];
  readonly dryRun?: boolean;
}

/** `curfew redrive`: puts the hub's dead letters back to work. */
export function addRedrive(program: Command, scope: CommandScope): void {
  const collect = (queue: string, queues: readonly string[] = []) => [...queues, queue];
  withSource(program.command("redrive"))
    .description("put what lies in a hub's dead-letter queues back to work")
    .option(
      "--queue <url>",
      "this queue of dead letters (default: all of curfew:hub); may be given several times",
      collect,
    )
    .option("--dry-run", "only show how many messages lie there")
    .addHelpText("after", EXAMPLE)
    .action(async (options: RedriveOptions) => scope.settle(await redrive(options, scope)));
}

async function redrive(options: RedriveOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  return withProject(options, scope, (project) => {
    const queues = options.queue ?? declaredQueues(project);
    return withHub(project, host, async ({ deadLetters }) => {
      const ends = await Promise.all(queues.map((queue) => redriveQueue(queue, deadLetters, options.dryRun ?? false)));
      if (terminal.isJson) terminal.document({ queues: ends });
      else for (const end of ends) terminal.print(sentenceOf(end));
      return exitCodeOfQueues(ends);
    });
  });
}

function declaredQueues({ fleet: { hub } }: Project): readonly string[] {
  if (hub === null) throw usageError("no curfew:hub is declared to take the queues from: name them with --queue URL");
  return hubQueueNames(hub).map(({ dead }) => dead);
}
