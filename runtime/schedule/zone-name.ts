import { closestOf } from "./closest.js";
import { read, unreadable } from "./problem.js";
import type { Reading } from "./problem.js";

/**
 * Accepts any IANA zone or alias that this runtime knows (`UTC`, `US/Pacific`). A fixed offset such
 * as `+02:00` is refused: it knows no daylight saving, and a person who writes one rarely means that.
 */
export function parseZone(timezone: string): Reading<string> {
  if (/^[+-]/.test(timezone)) {
    return unreadable(`"${timezone}" is an offset, not a zone: name an IANA zone such as "Europe/Berlin"`);
  }
  if (isKnownZone(timezone)) return read(timezone);
  const hint = closestZone(timezone);
  return unreadable(
    `"${timezone}" is not an IANA time zone` +
      (hint === undefined ? '; write one such as "Europe/Berlin" or "UTC"' : `; did you mean "${hint}"?`),
  );
}

// Asking Intl costs tens of microseconds, and thousands of schedules share a few zones.
const knownZones = new Map<string, boolean>();

function isKnownZone(timezone: string): boolean {
  const known = knownZones.get(timezone);
  if (known !== undefined) return known;
  const isKnown = intlKnows(timezone);
  if (isKnown) knownZones.set(timezone, isKnown);
  return isKnown;
}

function intlKnows(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}

/** People write the city alone as often as they misspell it. */
function closestZone(timezone: string): string | undefined {
  const zones = Intl.supportedValuesOf("timeZone");
  const city = cityOf(timezone);
  return (
    zones.find((zone) => cityOf(zone) === city) ??
    closestOf(timezone, zones) ??
    zones.find((zone) => cityOf(zone) === closestOf(city, zones.map(cityOf)))
  );
}

const cityOf = (zone: string): string =>
  zone
    .slice(zone.lastIndexOf("/") + 1)
    .replaceAll(" ", "_")
    .toLowerCase();
