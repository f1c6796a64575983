import { standingOf, type Amendment } from "../../amendment.js";
import type { ApiObject } from "../../../ports/index.js";

/** How an amendment that is due now goes with those that the journal holds. */
export interface Renewal {
  /** To be put into the journal, in the place of one by the same id where there is one. */
  readonly amendments: readonly Amendment[];
  /** What somebody changed since, in sentences. */
  readonly drift: readonly string[];
}

/**
 * Puts what an audit wants now and what the journal holds together. What somebody set meanwhile is what will be given back,
 * theirs and not an older value (safe-cycle S38); what still has our value, or the original again, keeps its original.
 */
export function renew(
  due: readonly Amendment[],
  saved: readonly Amendment[],
  live: (amendment: Amendment) => ApiObject | null,
): Renewal {
  const known = new Map(saved.map((one) => [one.id, one]));
  const judged = due.map((one) => {
    const before = known.get(one.id);
    const standing = before === undefined ? null : standingOf(before, live(one));
    const isTheirs = standing === null || standing === "changed" || standing === "recreated";
    return { one: before === undefined || isTheirs ? one : keepOriginal(one, before), standing };
  });
  return {
    amendments: judged.map(({ one }) => one),
    drift: judged.flatMap(({ one, standing }) => {
      if (standing === "changed")
        return [`${one.id} was changed by somebody after Curfew had relaxed it; ${GIVEN_BACK}`];
      if (standing === "recreated") return [`${one.id} was made anew after Curfew had relaxed it; ${GIVEN_BACK}`];
      return [];
    }),
  };
}

const GIVEN_BACK =
  "relaxed again, since nobody answers for it, and the newer value is the one that will be given back.";

function keepOriginal({ original: _, ...due }: Amendment, before: Amendment): Amendment {
  return { ...due, ...(before.original === undefined ? {} : { original: before.original }) };
}
