/** A value as JSON and YAML give it: keys unknown, values unknown. */
export type PlainRecord = Readonly<Record<string, unknown>>;

/** Whether `value` is a map as JSON and YAML give it; a list or null is not. */
export function isPlainRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
