import type { ScheduledCluster } from "../../runtime/config/index.js";
import { sleepShare } from "../../runtime/schedule/index.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FORECAST_MS = 28 * DAY_MS;

/** What clusters cost in the next four weeks, in US dollars. */
export interface Money {
  /** As their calendars have it. */
  readonly asDeclared: number;
  readonly alwaysOn: number;
  /** Clusters without a declared price, which count for nothing. */
  readonly unpriced: number;
  readonly priced: number;
}

/** By declared prices and calendars; holds and time that a drain takes are not in it. Pure. */
export function forecast(
  clusters: readonly Pick<ScheduledCluster, "costPerHour" | "schedule">[],
  nowAt: number,
): Money {
  const range = { fromAt: nowAt, toAt: nowAt + FORECAST_MS };
  const prices = clusters.flatMap(({ costPerHour, schedule }) => {
    if (costPerHour === null) return [];
    const alwaysOn = (costPerHour * FORECAST_MS) / HOUR_MS;
    return [{ alwaysOn, asDeclared: alwaysOn * (1 - sleepShare(schedule, range).sleepingMs / FORECAST_MS) }];
  });
  const sum = (key: "alwaysOn" | "asDeclared") => prices.reduce((total, price) => total + price[key], 0);
  const priced = prices.length;
  return { asDeclared: sum("asDeclared"), alwaysOn: sum("alwaysOn"), priced, unpriced: clusters.length - priced };
}

/** For people: `$1,200 instead of $4,000 (3 clusters without a price)`, or `not declared`. */
export function moneyWords({ asDeclared, alwaysOn, priced, unpriced }: Money): string {
  if (priced === 0) return "not declared";
  const rest = unpriced === 0 ? "" : ` (${unpriced} without a price)`;
  return `${dollars(asDeclared)} instead of ${dollars(alwaysOn)} always on${rest}`;
}

const dollars = (amount: number): string => `$${Math.round(amount).toLocaleString("en-US")}`;
