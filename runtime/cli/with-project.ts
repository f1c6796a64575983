import type { CommandScope } from "./command-scope.js";
import type { SourceOptions } from "./config-source.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { loadProject, problemLines, type Project } from "./load-project.js";
import type { Problem } from "../schedule/index.js";

/** Does `work` with what is declared; says every problem and gives 2 when that is not sound. */
export async function withProject(
  options: SourceOptions,
  { host, terminal }: CommandScope,
  work: (project: Project) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = await loadProject(options, host);
  if (loaded.ok) return work(loaded.value);
  if (terminal.isJson) terminal.document({ error: configError(loaded.problems), problems: loaded.problems });
  else
    terminal.tell(
      `${terminal.paint("red", "[config-invalid]")} What is declared is not sound:\n${problemLines(loaded.problems)}`,
    );
  return EXIT.badUsage;
}

function configError(problems: readonly Problem[]) {
  return {
    code: "config-invalid",
    message: problemLines(problems),
    remedy: "Repair what is declared; `curfew validate` checks it.",
  } as const;
}
