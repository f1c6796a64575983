import pLimit from "p-limit";

import { surveyOf, type Survey } from "../cycle/index.js";
import type { Kubernetes, ResourceType } from "../ports/index.js";

/** Lists read side by side: enough to hide the latency, too few to trouble an API server. */
const READS_AT_ONCE = 4;

/** Reads these types once each; changes nothing. A type that Curfew may not read is hidden, not a failure. */
export async function takeSurvey(types: readonly ResourceType[], { objects }: Kubernetes): Promise<Survey> {
  const limit = pLimit(READS_AT_ONCE);
  const read = await Promise.all(
    types.map((type) =>
      limit(async () => {
        const answer = await objects.list(type);
        return { type, items: answer.kind === "listed" ? answer.items : answer.kind };
      }),
    ),
  );
  return surveyOf(read);
}
