const RATE = /^rate\(([1-9]\d*) (minute|minutes|hour|hours|day|days)\)$/;
const AT = /^at\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\)$/;
/** Least and most of minutes, hours, day of month, month, day of week, year. */
const CRON_FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [1, 7],
  [1970, 2199],
] as const;
const NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC SUN MON TUE WED THU FRI SAT".split(" ");

/** What EventBridge Scheduler refuses in an expression; undefined when it is well formed. The emulator takes anything. */
export function expressionProblem(expression: string): string | undefined {
  const [, count, unit = ""] = RATE.exec(expression) ?? [];
  if (count !== undefined) {
    return (count === "1") === unit.endsWith("s")
      ? "rate(1 …) takes the singular, every other rate the plural"
      : undefined;
  }
  if (AT.test(expression)) return undefined;
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
  return cron === undefined ? "is neither rate(…), cron(…) nor at(…)" : cronProblem(cron.split(" "));
}

function cronProblem(fields: readonly string[]): string | undefined {
  if (fields.length !== CRON_FIELDS.length) return `cron takes six fields, this one has ${fields.length}`;
  if ((fields[2] === "?") === (fields[4] === "?"))
    return "one of day-of-month and day-of-week must be ?, the other not";
  const bad = fields.find((field, index) => !isField(field, CRON_FIELDS[index]![0], CRON_FIELDS[index]![1]));
  return bad === undefined ? undefined : `cron cannot read ${bad}`;
}

function isField(field: string, least: number, most: number): boolean {
  if (field === "?" || field === "L") return true;
  return field.split(",").every((part) => {
    const [range = "", step] = part.split("/");
    if (step !== undefined && !/^[1-9]\d*$/.test(step)) return false;
    if (range === "*") return true;
    return range.split("-").every((value) => isValue(value.replace(/[LW]$|#[1-5]$/, ""), least, most));
  });
}

const isValue = (value: string, least: number, most: number): boolean =>
  NAMES.includes(value.toUpperCase()) || (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most);
