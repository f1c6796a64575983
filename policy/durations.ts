const MINUTE_MS = 60_000;

/** A length of time for a sentence, in whole minutes, or in hours where it comes out even. */
export function minutesText(durationMs: number): string {
  const minutes = Math.round(durationMs / MINUTE_MS);
  return minutes >= 60 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
