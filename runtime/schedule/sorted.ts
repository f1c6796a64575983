/**
 * Index of the last entry whose key is at or below the limit, or -1. The list must ascend by key.
 * Cost: the logarithm of the list's length.
 */
export function lastIndexAtOrBelow<T>(sorted: readonly T[], limit: number, keyOf: (entry: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = sorted[middle];
    if (entry !== undefined && keyOf(entry) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
