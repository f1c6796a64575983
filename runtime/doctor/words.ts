const MOST_NAMED = 5;

/** A few names and how many more there are, for a sentence. */
export function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
