import type * as z from "zod";

import { deepFreeze } from "../schedule/frozen.js";
import type { ProblemList } from "./problems.js";
import type { SectionName } from "./sections.js";
import { checkShape } from "./shape.js";
import type { Source } from "./sources.js";
import { listedItems } from "./sources.js";

/** The rules of a list such as `exclusions`, from all sources, frozen. A rule that is wrong is left out, its problems noted. */
export function parseRules<S extends z.ZodType>(
  schema: S,
  section: SectionName,
  sources: readonly Source[],
  problems: ProblemList,
): readonly z.output<S>[] {
  return listedItems(sources, section, problems)
    .map(({ path, value }) => problems.take(checkShape(schema, value, path)))
    .filter((rule) => rule !== undefined)
    .map(deepFreeze);
}
