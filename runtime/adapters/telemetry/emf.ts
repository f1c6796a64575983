import type { Attributes } from "../../ports/index.js";

/** Series that alarms watch. Each set of dimensions is a metric that is paid for: only what has few values (aws.md §8). */
const NAMESPACE = "Curfew";
const DIMENSIONS: Readonly<Record<string, string>> = {
  "curfew.action": "action",
  "curfew.phase": "phase",
  "curfew.outcome": "outcome",
  "curfew.end": "outcome",
};
/** CloudWatch's own bound for one metric in one line. */
const MAX_VALUES = 100;

/** A metric as CloudWatch knows it. */
export interface EmfMetric {
  readonly name: string;
  readonly unit: "Count" | "Milliseconds";
}

/** Gathers readings and writes them as lines in the embedded metric format. */
export interface Emf {
  add(metric: EmfMetric, value: number, attributes: Attributes): void;
  /** Writes and forgets what was gathered. */
  flush(): void;
}

export interface EmfOptions {
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** The hub as a whole, whichever function writes. */
  readonly service: string;
  readonly region: string;
}

interface Series extends EmfMetric {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: number[];
}

/** Every line has the dimensions `service` and `Region`, and of action, phase and outcome those that the reading carries. */
export function createEmf({ write, now, service, region }: EmfOptions): Emf {
  const gathered = new Map<string, Series>();
  return {
    add(metric, value, attributes) {
      const dimensions = { service, Region: region, ...lowCardinality(attributes) };
      const key = JSON.stringify([metric.name, dimensions]);
      const series: Series = gathered.get(key) ?? { ...metric, dimensions, values: [] };
      gathered.set(key, series);
      series.values.push(value);
    },
    flush() {
      for (const series of gathered.values()) {
        for (let from = 0; from < series.values.length; from += MAX_VALUES) {
          write(JSON.stringify(emfLine(series, series.values.slice(from, from + MAX_VALUES), now())));
        }
      }
      gathered.clear();
    },
  };
}

function lowCardinality(attributes: Attributes): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(DIMENSIONS).flatMap(([attribute, dimension]) => {
      const value = attributes[attribute];
      return value === undefined ? [] : [[dimension, String(value)]];
    }),
  );
}

function emfLine({ name, unit, dimensions }: Series, values: readonly number[], at: number): object {
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name, Unit: unit }] },
      ],
    },
    ...dimensions,
    [name]: values.length === 1 ? values[0] : values,
  };
}
