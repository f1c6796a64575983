/** One question about an account, as CloudWatch Logs Insights is asked it. */
interface AccountQuery {
  readonly title: string;
  readonly view: "table" | "timeSeries";
  /** Commands, in their order. */
  readonly commands: readonly string[];
}

/** Ends of a run, as the log has them, and the lines of a graph, whose names Logs Insights takes without a hyphen. */
const RESULTS: readonly (readonly [result: string, line: string])[] = [
  ["completed", "completed"],
  ["nothing-to-do", "nothingToDo"],
  ["yielded", "yielded"],
  ["blocked", "blocked"],
  ["partial", "partial"],
  ["failed", "failed"],
];

/** What a person on call asks of one account, answered from the workers' log lines. Pure. */
export function accountQueries(account: string): readonly AccountQuery[] {
  const where = (condition: string): string => `filter account = "${account}" and ${condition}`;
  const finished = where('data.kind = "run-finished"');
  // Grouped by end and hour it would be bars only: a graph over time has one column for each line.
  const counts = RESULTS.map(([result, line]) => `sum(strcontains(data.result, "${result}")) as ${line}`);
  return [
    { title: "Runs by outcome", view: "timeSeries", commands: [finished, `stats ${counts.join(", ")} by bin(1h)`] },
    {
      title: "Runs that ended throttled, work put off by an open circuit",
      view: "timeSeries",
      commands: [
        where('(data.code = "throttled" or data.kind = "put-off")'),
        "stats count(data.code) as throttled, count(data.until) as putOff by bin(1h)",
      ],
    },
    {
      title: "Failures and refusals by code",
      view: "table",
      commands: [
        where("ispresent(data.code)"),
        "stats count(*) as times, count_distinct(cluster) as clusters, latest(message) as last by data.code",
        "sort times desc",
      ],
    },
    {
      title: "Slowest operations (seconds at work, over all hops)",
      view: "table",
      commands: [
        finished,
        "stats sum(data.durationMs / 1000) as seconds, count(*) as hops, latest(data.result) as result by cluster, data.desired, operation",
        "sort seconds desc",
        "limit 20",
      ],
    },
    {
      title: "Last warnings and errors",
      view: "table",
      commands: [
        where('level in ["warn", "error"]'),
        "sort @timestamp desc",
        "limit 50",
        "display @timestamp, level, cluster, message, operation",
      ],
    },
  ];
}
