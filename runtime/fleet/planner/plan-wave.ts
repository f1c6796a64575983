import { leadMs, type LeadOptions } from "./lead.js";
import type { Rhythm } from "./rhythm.js";
import { spread } from "./spread.js";
import { decideTake, isEarly, type Take } from "./take.js";
import { wakingSize, type AssumedSize, type Wave } from "./wave.js";

/** What a planner reckons with. Rates that AWS does not publish are assumptions (aws.md §12, §15). */
export interface WaveOptions extends Omit<LeadOptions, "tickSeconds"> {
  readonly rhythm: Rhythm;
  readonly assumed: AssumedSize;
}

/** A wave with what becomes of each of its clusters. */
export interface PlannedWave extends Pick<Wave, "account" | "region"> {
  readonly takes: readonly Take[];
  /** From the first to the last cluster that begins now. */
  readonly spreadMs: number;
  /** How far ahead of their windows the wakes among them begin. */
  readonly leadMs: number;
}

/** Weighs a wave and gives each of its clusters its turn. Pure. */
export function planWave({ account, region, entries }: Wave, now: number, options: WaveOptions): PlannedWave {
  const { rhythm, assumed } = options;
  const size = wakingSize(entries, assumed);
  const lead = leadMs(size, { ...options, tickSeconds: rhythm.tickSeconds });
  const early = entries.filter((entry) => isEarly(entry, lead, now, rhythm));
  const beginning = entries.filter((entry) => !early.includes(entry));
  const delays = spread(
    beginning.map(({ groups }) => groups ?? assumed.groups),
    options.groupsPerSecond,
  );
  const takes = [
    ...beginning.map((entry, index) => decideTake(entry, { delayMs: delays[index] ?? 0, leadMs: lead }, now, rhythm)),
    ...early.map((entry) => decideTake(entry, { delayMs: 0, leadMs: lead }, now, rhythm)),
  ];
  return { account, region, takes, spreadMs: delays.at(-1) ?? 0, leadMs: size.groups > 0 ? lead : 0 };
}
