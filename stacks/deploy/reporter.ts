import type { PolicyPack } from "./policy-pack.js";
import type { Scrub } from "./scrub.js";
import { createScrub } from "./scrub.js";
import type { Reporter } from "./session.js";

/** Shortest time between two lines that only count. */
const PACE_MS = 2_000;

/** Where reports go. */
export interface ReporterOptions {
  /** One JSON object a line instead of sentences. */
  readonly isJson: boolean;
  readonly document: (value: unknown) => void;
  readonly tell: (line: string) => void;
  readonly now: () => number;
  readonly secrets: readonly string[];
}

/** A reporter, and the scrubber that all other output has to go through as well. */
export interface ScrubbingReporter extends Reporter {
  readonly scrub: Scrub;
  /** Writes a value as a JSON line, without secrets. */
  readonly document: (value: unknown) => void;
}

/** Lines for people on stderr, or JSON lines for programs on stdout. */
export function createReporter({ isJson, document, tell, now, secrets }: ReporterOptions): ScrubbingReporter {
  const hidden = new Set(secrets);
  let scrub = createScrub(hidden);
  const clean = (text: string): string => scrub(text);
  const write = (value: unknown): void => document(scrubbed(value, clean));
  const say = (event: Readonly<Record<string, unknown>>, words: string): void => {
    if (isJson) write(event);
    else tell(clean(words));
  };

  return {
    scrub: clean,
    document: write,
    hide(more) {
      for (const secret of more) hidden.add(secret);
      scrub = createScrub(hidden);
    },
    environment: (environment, { stacks, clusters, policyPack }) =>
      say(
        { event: "environment", environment, stacks, clusters, policyPack },
        `${environment}: ${clusters} clusters in ${stacks} stacks${policyPack ? `, held to ${packWords(policyPack)}` : ""}`,
      ),
    began: (stack, phase) => say({ event: "began", stack, phase }, `${stack}: ${phase}`),
    ended: (stack, phase, outcome) => say({ event: "ended", stack, phase, outcome }, `${stack}: ${phase}: ${outcome}`),
    note: (environment, text) => say({ event: "note", environment, text }, `${environment}: ${text}`),
    progressOf(stack) {
      let toldAt = -Infinity;
      return {
        line: (text) => say({ event: "line", stack, text }, `${stack}: ${text}`),
        changed(count) {
          if (now() - toldAt < PACE_MS) return;
          toldAt = now();
          say({ event: "progress", stack, clusters: count }, `${stack}: ${count} clusters so far`);
        },
      };
    },
  };
}

function packWords({ folder, origin }: PolicyPack): string {
  return origin === "curfew" ? `Curfew's own policies (${folder})` : `the policies in ${folder}`;
}

function scrubbed(value: unknown, scrub: Scrub): unknown {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) => (typeof item === "string" ? scrub(item) : item));
}
