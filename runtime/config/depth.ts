/** Deeper than any config ever is, and far from where a stack overflows. */
const MOST_LEVELS = 32;

/**
 * Whether a value is nested deeper than any config. An alias of YAML may even hold itself: nothing may walk through a value
 * of which this is not known to be false.
 */
export function isTooDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isTooDeep(part, levels - 1));
}
