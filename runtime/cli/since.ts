import { InvalidArgumentError, type Command } from "commander";

import { parseDuration } from "./duration.js";
import { parseInstant } from "./instant.js";

/** How far back to look, as a person says it. */
export type Since =
  { readonly kind: "instant"; readonly at: number } | { readonly kind: "ago"; readonly durationMs: number };

/** The option that bounds how far back to look. */
export interface SinceOptions {
  readonly since?: Since;
}

/** Adds the option to a command. */
export function withSince(command: Command): Command {
  return command.option("--since <when>", "ISO 8601 with zone, or 24h or 7d ago (default: all)", parseSince);
}

/** Reads `2026-01-05T18:00:00Z`, `24h` or `7d`. Throws commander's InvalidArgumentError. */
export function parseSince(text: string): Since {
  const durationMs = parseDuration(text);
  if (durationMs !== null) return { kind: "ago", durationMs };
  if (/^\d{4}-/.test(text)) return { kind: "instant", at: parseInstant(text) };
  throw new InvalidArgumentError("Write 24h, 7d, or an instant such as 2026-01-05T18:00:00Z.");
}

/** The instant from which on to look, in epoch milliseconds; 0 when nothing was said. */
export function instantOfSince({ since }: SinceOptions, now: number): number {
  if (since === undefined) return 0;
  return since.kind === "instant" ? since.at : now - since.durationMs;
}
