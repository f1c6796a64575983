import type { ApiObject, ResourceType } from "../ports/index.js";

/**
 * What the API server holds beside nodes and pods, read once before a plan is made: the ground on which measures
 * are planned. Nothing of it is remembered.
 */
export interface Survey {
  /** The objects of a type that was read; none when the server does not serve it or Curfew may not see it. */
  of(type: ResourceType): readonly ApiObject[];
  /** Whether the server serves the type and Curfew could read it. */
  has(type: ResourceType): boolean;
  /** Types that Curfew may not read: what needs them is skipped, and said. */
  readonly hidden: readonly ResourceType[];
}

/** A survey of these answers, by type. */
export function surveyOf(
  read: readonly { readonly type: ResourceType; readonly items: readonly ApiObject[] | "not-served" | "forbidden" }[],
): Survey {
  const byType = new Map(read.map(({ type, items }) => [keyOf(type), items]));
  const items = (type: ResourceType) => {
    const found = byType.get(keyOf(type));
    return typeof found === "object" ? found : null;
  };
  return {
    of: (type) => items(type) ?? [],
    has: (type) => items(type) !== null,
    hidden: read.filter((one) => one.items === "forbidden").map(({ type }) => type),
  };
}

/** Types that are not read twice, whoever asks for them. */
export function distinctTypes(types: readonly ResourceType[]): readonly ResourceType[] {
  return [...new Map(types.map((type) => [keyOf(type), type])).values()];
}

function keyOf({ group, plural }: ResourceType): string {
  return `${group}/${plural}`;
}
