/** Zones on both hemispheres, with and without daylight saving, one with half an hour of it. */
const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Sydney",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/Sao_Paulo",
  "UTC",
] as const;

/** Office hours, a lunch break, night shifts over midnight, a working Saturday. */
const AWAKE = [
  ["Mon-Fri 07:00-19:00"],
  ["Mon-Fri 08:30-12:00", "Mon-Fri 13:00-18:30"],
  ["Mon-Thu 20:00-02:00", "Fri 22:00-06:00"],
  ["Mon-Sat 06:15-14:45"],
] as const;

/** Config of `count` clusters, ten in each account; every schedule has clusters in many accounts. */
export function officeFleet(count: number): Readonly<Record<string, unknown>> {
  const schedules = ZONES.flatMap((timezone, zone) =>
    AWAKE.map((awake, shift) => [`zone-${zone}-shift-${shift}`, { timezone, awake }] as const),
  );
  const clusters = Array.from({ length: count }, (_, index) => ({
    name: `cluster-${index}`,
    account: String(100_000_000_000 + Math.floor(index / 10)),
    region: "eu-west-1",
    schedule: schedules[Math.floor(index / 5) % schedules.length]?.[0],
  }));
  return { schedules: Object.fromEntries(schedules), clusters };
}
