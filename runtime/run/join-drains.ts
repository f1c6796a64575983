import type { DrainReport } from "../drain/index.js";

type Counts = Readonly<Record<string, number>>;

/**
 * Two drains of one run as one report: what Karpenter leans on leaves after the others (safe-cycle H23). The later one's end
 * counts, for a node that both were about as well.
 */
export function joinDrains(first: DrainReport | null, second: DrainReport): DrainReport {
  if (first === null) return second;
  const again = new Set(second.nodes.map(({ name }) => name));
  return {
    ...second,
    outcome: second.outcome === "drained" ? first.outcome : second.outcome,
    sentence: `${first.sentence} ${second.sentence}`,
    startedAt: first.startedAt,
    begunAt: first.begunAt,
    pods: [...first.pods, ...second.pods],
    podsCut: first.podsCut + second.podsCut,
    counts: sum(first.counts, second.counts),
    nodes: [...first.nodes.filter(({ name }) => !again.has(name)), ...second.nodes],
    warnings: [...first.warnings, ...second.warnings],
    notes: [...first.notes, ...second.notes],
    forced: [...first.forced, ...second.forced],
    lost: [...first.lost, ...second.lost],
    scaledOwners: [...first.scaledOwners, ...second.scaledOwners],
    calls: sum(first.calls, second.calls),
    answers: sum(first.answers, second.answers),
  };
}

function sum<T extends Counts>(a: T, b: T): T {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(keys.map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)])) as unknown as T;
}
