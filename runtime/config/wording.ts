import { closestOf } from "../schedule/index.js";

/** `value` as a person wrote it, cut to a length that fits into a sentence. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `: did you mean "office"?` when a slip explains `name`; else what there is to choose from. */
export function suggest(name: string, known: readonly string[]): string {
  const closest = closestOf(name, known);
  if (closest !== undefined) return `: did you mean "${closest}"?`;
  return known.length === 0 ? ": there are none" : `: there ${known.length === 1 ? "is" : "are"} ${enumerate(known)}`;
}

/** `a, b, c`, and no more than eight of them. */
export function enumerate(names: readonly string[]): string {
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 7).join(", ")} and ${names.length - 7} more`;
}
