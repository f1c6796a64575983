/** Who depends on whom, by name. A name that is nobody's key depends on nothing. */
export type Dependencies = Readonly<Record<string, readonly string[]>>;

/** A circle as it is walked, the first name again at the end, e.g. `["a", "b", "a"]`; null when there is none. */
export function findDependencyCycle(dependencies: Dependencies): readonly string[] | null {
  const done = new Set<string>();

  function walk(name: string, path: readonly string[]): readonly string[] | null {
    const start = path.indexOf(name);
    if (start >= 0) return [...path.slice(start), name];
    if (done.has(name)) return null;
    for (const next of dependencies[name] ?? []) {
      const cycle = walk(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return null;
  }

  for (const name of Object.keys(dependencies)) {
    const cycle = walk(name, []);
    if (cycle) return cycle;
  }
  return null;
}
