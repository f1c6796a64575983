/** What one SendMessageBatch may carry (aws.md §4). */
export interface BatchLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/**
 * Cuts a list into batches within the limits, in order. What is too large for any batch gets one of its own, so that the
 * service refuses it alone.
 */
export function packBatches<T>(
  entries: readonly T[],
  bytesOf: (entry: T) => number,
  { maxEntries, maxBytes }: BatchLimits,
): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = bytesOf(entry);
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === maxEntries || bytes + size > maxBytes) {
      batches.push([entry]);
      bytes = size;
    } else {
      batch.push(entry);
      bytes += size;
    }
  }
  return batches;
}
