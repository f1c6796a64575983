import type { Settings } from "../../cycle/index.js";
import type { DrainForecast } from "../../drain/index.js";
import { note, warning, type Check, type Finding } from "../check.js";
import { estimateDrain, estimateHibernate, estimateWake, type Estimate } from "../estimate.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";

/** How long a hibernate and a wake are likely to take, and whether they are given that long. */
export function checkDuration({ forecast, settings, reports }: Facts): Check {
  const runs = reports.isKnown ? reports.value : [];
  return checkReading("duration", forecast, (seen) => {
    const night = estimateHibernate(seen, settings, runs);
    const morning = estimateWake(settings, runs);
    return [
      note(`A hibernate takes ${words(night)}.`),
      note(`A wake takes ${words(morning)}.`),
      ...drainFinding(seen, settings),
      ...runFinding(Math.max(night.mostSeconds, morning.mostSeconds), settings),
    ];
  });
}

function words({ leastSeconds, mostSeconds, basis, runs }: Estimate): string {
  const span =
    leastSeconds === mostSeconds ? `about ${leastSeconds} s` : `between ${leastSeconds} s and ${mostSeconds} s`;
  return basis === "reports" ? `${span}, by its last ${runs} run(s)` : `${span}, by what is there now`;
}

/** Whatever is held takes the whole time anyway. */
function drainFinding(seen: DrainForecast, settings: Settings): readonly Finding[] {
  const { mostSeconds } = estimateDrain(seen, settings);
  const { timeoutSeconds } = settings.drain;
  if (mostSeconds <= timeoutSeconds) return [];
  return [
    warning(
      `Draining may take ${mostSeconds} s if pods use their whole grace period, and has ${timeoutSeconds} s.`,
      "Raise drain.timeoutSeconds, drain.maxNodes or drain.maxPodsInFlight.",
    ),
  ];
}

function runFinding(mostSeconds: number, { runTimeoutSeconds }: Settings): readonly Finding[] {
  if (mostSeconds <= runTimeoutSeconds) return [];
  const what = `A run may take ${mostSeconds} s and has ${runTimeoutSeconds} s.`;
  return [warning(what, "Raise runTimeoutSeconds.")];
}
