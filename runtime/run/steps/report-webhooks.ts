import {
  auditWebhooks,
  describeFinding,
  MARK,
  webhookKey,
  WEBHOOK_TYPES,
  type IsNodeThere,
  type Survey,
} from "../../cycle/index.js";
import type { StepContext, StepOutcome } from "../context.js";

/**
 * Names webhooks that would keep nodes from starting, and those that an earlier cycle left relaxed. For a wake without a
 * record: what it relaxed could never be given back, so it changes none (safe-cycle H5, W4).
 */
export function reportWebhooks(
  survey: Survey,
  isNodeThere: IsNodeThere,
  { notes }: Pick<StepContext, "notes">,
): StepOutcome {
  const { findings } = auditWebhooks(survey, isNodeThere);
  const relaxed = WEBHOOK_TYPES.flatMap((type) => survey.of(type)).filter(
    ({ metadata }) => metadata.annotations?.[MARK] !== undefined,
  );
  notes.warnings.push(
    ...findings.map(
      (finding) =>
        `${webhookKey(finding.webhook)} may keep nodes from starting: ${describeFinding(finding)}. It is left alone, since there is no record to give it back from: set its failurePolicy to Ignore if they do not come up.`,
    ),
    ...relaxed.map(
      ({ kind, metadata }) =>
        `${kind} ${metadata.name} was relaxed in a cycle whose record is gone: put it back yourself, then take the annotation ${MARK} off.`,
    ),
  );
  return { kind: "done", detail: `${findings.length + relaxed.length} reported` };
}
