import type { FailureInfo, ResourceType } from "../../ports/index.js";
import type { Amendment, Purpose } from "../amendment.js";
import type { Settings } from "../settings.js";
import type { Survey } from "../survey.js";

/**
 * Something that must be held still while the cluster sleeps and given back when it wakes: an autoscaler, a webhook,
 * a CronJob. Pure: it looks at the survey and says which fields it wants changed; nothing is changed by planning.
 */
export interface Measure {
  readonly purpose: Purpose;
  /** What it has to see. A type that is not served is no problem; one that Curfew may not read makes the measure be skipped, and said. */
  readonly reads: readonly ResourceType[];
  /** @param planned what the measures before this one are going to change. */
  plan(survey: Survey, settings: Settings, planned?: readonly Amendment[]): MeasurePlan;
}

/** What a measure found. */
export interface MeasurePlan {
  readonly amendments: readonly Amendment[];
  /** What a person should know, in sentences: found but left alone, unknown, or reported only. */
  readonly notes: readonly string[];
  /** Set when the hibernate must not begin. */
  readonly refusal: FailureInfo | null;
}
