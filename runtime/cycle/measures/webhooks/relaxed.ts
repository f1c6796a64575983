/** A webhook that could not be given back: the cluster runs with less protection than before (safe-cycle W15). */
export interface RelaxedWebhook {
  /** `kind/configuration/webhook`. */
  readonly webhook: string;
  /** Since when the cluster has been awake with it relaxed; epoch milliseconds. */
  readonly sinceAt: number;
  /** Why, in words. */
  readonly why: string;
}

const MINUTE_MS = 60_000;

/** Whether it has lasted so long that a person must look (safe-cycle W15). */
export function isAlarming({ sinceAt }: RelaxedWebhook, now: number, alarmMinutes: number): boolean {
  return now - sinceAt >= alarmMinutes * MINUTE_MS;
}

/** One sentence for reports and `curfew status`. */
export function describeRelaxed(relaxed: RelaxedWebhook, now: number, alarmMinutes: number): string {
  const minutes = Math.floor((now - relaxed.sinceAt) / MINUTE_MS);
  const alarm = isAlarming(relaxed, now, alarmMinutes) ? "ALARM: " : "";
  return `${alarm}${relaxed.webhook} has been relaxed for ${minutes} min: ${relaxed.why}.`;
}
