/** One reading of a metric, as alarms and dashboards name it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** e.g. `Maximum` or `p99`. */
  readonly statistic: string;
}

/** An alarm, said without the words of any API. */
export interface Alarm {
  /** Follows the hub's prefix in the alarm's name. */
  readonly key: string;
  /** What is wrong when it rings, and where to look. */
  readonly description: string;
  readonly periodSeconds: number;
  /** It rings when so many of the last `of` periods are `rings`. */
  readonly periods: number;
  readonly of: number;
  readonly rings: { readonly when: "above" | "below"; readonly threshold: number };
  /** Whether silence is alarming. */
  readonly silence: "fine" | "alarming";
  readonly watches: Metric | Formula;
}

/** Metric math over named metrics. */
export interface Formula {
  readonly expression: string;
  readonly metrics: Readonly<Record<string, Metric>>;
}

export const isFormula = (watched: Metric | Formula): watched is Formula => "expression" in watched;
