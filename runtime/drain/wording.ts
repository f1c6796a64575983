/** "1 node", "2 nodes". */
export function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** The first `limit` of `parts`, and how many more there are. */
export function few(parts: readonly string[], { limit = 3, separator = ", " } = {}): string {
  const named = parts.slice(0, limit).join(separator);
  return parts.length > limit ? `${named} and ${parts.length - limit} more` : named;
}

/** Orders by code unit, the same on every computer. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
