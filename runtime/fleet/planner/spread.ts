/**
 * When each cluster of a wave may begin, in milliseconds from now, so that one account and Region is asked for no more
 * than `groupsPerSecond` changes of node groups (aws.md §12: KG/rw): each begins when those before it have had their time.
 * The first begins at once; a handful is hardly delayed; nothing is a constant.
 * @param groups node groups of each cluster, in the order in which they shall begin
 */
export function spread(groups: readonly number[], groupsPerSecond: number): readonly number[] {
  let before = 0;
  return groups.map((count) => {
    const delayMs = (before / groupsPerSecond) * 1000;
    before += count;
    return delayMs;
  });
}
