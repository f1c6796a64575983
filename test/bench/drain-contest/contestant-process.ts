import type { Contest, ContestantMessage } from "./contestant.js";

/** The frame of a contestant's own process: says that it is loaded, waits for the start, times `run`, and tells. */
export function compete(run: (contest: Contest) => Promise<string>): void {
  const contest = JSON.parse(process.argv[2] ?? "{}") as Contest;
  process.once("message", () => {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    void run(contest).then((note) => {
      const { user, system } = process.cpuUsage(before);
      tell({ ms: performance.now() - startedAt, note: `${note} ${Math.round((user + system) / 1000)} ms of CPU` });
    });
  });
  tell("ready");
}

function tell(message: ContestantMessage): void {
  process.send?.(message);
}
