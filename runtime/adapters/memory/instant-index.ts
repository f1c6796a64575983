/** Ids in the order of an instant each, then of the id. What lies before an instant is found without a look at the rest. */
export interface InstantIndex {
  /** Puts `id` at `at`, away from where it was. */
  put(id: string, at: number): void;
  /** Calling twice is safe. */
  remove(id: string): void;
  /** Ids from the earliest to `until`, that instant included. */
  upTo(until: number, limit: number): readonly string[];
  /** Ids that come after the place of `id` at `at`, whether it is there or not; all without a place. */
  after(place: { readonly id: string; readonly at: number } | undefined, limit: number): readonly string[];
}

interface Entry {
  readonly id: string;
  readonly at: number;
}

/** An empty index. A sorted array: moving some thousands of pointers is quicker than any tree of objects. */
export function createInstantIndex(): InstantIndex {
  const entries: Entry[] = [];
  const places = new Map<string, Entry>();

  function remove(id: string): void {
    const entry = places.get(id);
    if (entry === undefined) return;
    places.delete(id);
    entries.splice(firstNotBefore(entries, entry), 1);
  }

  return {
    remove,
    put(id, at) {
      remove(id);
      const entry = { id, at };
      places.set(id, entry);
      entries.splice(firstNotBefore(entries, entry), 0, entry);
    },
    upTo(until, limit) {
      // No id is empty, so this place lies before all that come after `until`.
      const end = firstNotBefore(entries, { id: "", at: until + 1 });
      return entries.slice(0, Math.min(end, limit)).map(({ id }) => id);
    },
    after(place, limit) {
      let start = place === undefined ? 0 : firstNotBefore(entries, place);
      if (place !== undefined && isSame(entries[start], place)) start += 1;
      return entries.slice(start, start + limit).map(({ id }) => id);
    },
  };
}

/** Binary search: where `place` is, or would be put. */
function firstNotBefore(entries: readonly Entry[], place: Entry): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(entries[middle], place)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(entry: Entry | undefined, place: Entry): boolean {
  return entry !== undefined && (entry.at < place.at || (entry.at === place.at && entry.id < place.id));
}

function isSame(entry: Entry | undefined, place: Entry): boolean {
  return entry?.id === place.id && entry.at === place.at;
}
