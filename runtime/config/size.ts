import type { Problem } from "../schedule/index.js";
import type { PlainRecord } from "./plain-record.js";

/**
 * Most that stack config may take. Pulumi hands all of it to the program in one environment variable,
 * which Linux caps at 131,071 bytes; what lies between is left to config of other namespaces.
 */
export const CONFIG_LIMIT_BYTES = 100_000;

/**
 * A problem if this config (keys without `curfew:`, a catalogue's content not counted) is too large for a stack.
 * It is measured as Pulumi sends it: each value as JSON text, escaped once more inside a JSON map.
 */
export function checkConfigSize(raw: PlainRecord): readonly Problem[] {
  const sizes = Object.entries(raw).map(([key, value]) => ({ key, bytes: sentBytes(key, value) }));
  const bytes = sizes.reduce((sum, section) => sum + section.bytes, 0);
  if (bytes <= CONFIG_LIMIT_BYTES) return [];
  const largest = sizes.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  const message =
    `makes the stack's config ${bytes} bytes long, and no more than ${CONFIG_LIMIT_BYTES} reach the program safely: ` +
    `move it into a catalogue file in the repository and name that file in curfew:catalogue`;
  return [{ path: largest.key, message }];
}

function sentBytes(key: string, value: unknown): number {
  const text = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
  return new TextEncoder().encode(JSON.stringify({ [`curfew:${key}`]: text ?? "" })).length;
}
