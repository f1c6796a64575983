import { approvalSchema, curfewConfig, parseFleet, referencedFiles } from "../runtime/config/index.js";
import type { Approval, Environment, Exclusion, Fleet, Tags } from "../runtime/config/index.js";
import { exclusionSchema } from "../runtime/config/exclusions.js";
import type { PlainRecord } from "../runtime/config/plain-record.js";
import { createProblemList } from "../runtime/config/problems.js";
import { parseRules } from "../runtime/config/rules.js";
import { readSources } from "../runtime/config/sources.js";
import type { Problem } from "../runtime/schedule/index.js";
import { once } from "./world.js";

/** What the stack's own config, and the catalogue that it names, say of rules. */
export interface StackConfig {
  readonly exclusions: readonly Exclusion[];
  readonly approvals: readonly Approval[];
  /** The tags that a cluster of that name is declared with; undefined when none is, or several are, or the config is wrong. */
  readonly tagsOf: (name: string) => Tags | undefined;
}

export type StackReading =
  { readonly ok: true; readonly value: StackConfig } | { readonly ok: false; readonly problem: string };

/** Where the stack's config comes from. */
export interface ConfigSource {
  /** As Pulumi hands it to policy packs: every namespace, values as text. */
  readonly config: Readonly<Record<string, string>>;
  readonly environment: Environment;
  /** A file by the path that config gives it, relative to the project's folder; undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/**
 * Reads the rules only: a whole fleet of thousands of clusters costs a large part of a second, which no rule about a
 * ClusterSchedule needs. Never throws.
 */
export function readStackConfig(source: ConfigSource): StackReading {
  const raw = curfewConfig(source.config);
  const problems = createProblemList();
  const sources = readSources(raw, readFiles([raw["catalogue"]], source), problems);
  const exclusions = parseRules(exclusionSchema, "exclusions", sources, problems);
  const approvals = parseRules(approvalSchema, "approvals", sources, problems);
  const fleet = once(() => readFleet(raw, source));
  const settled = problems.settle(() => ({ exclusions, approvals, tagsOf: (name: string) => tagsOf(name, fleet()) }));
  return settled.ok ? settled : { ok: false, problem: settled.problems.map(wordsOf).join("; ") };
}

function tagsOf(name: string, fleet: Fleet | undefined): Tags | undefined {
  const [found, ...others] = fleet?.clusters.filter(({ identity }) => identity.name === name) ?? [];
  return others.length > 0 ? undefined : found?.tags;
}

function readFleet(raw: PlainRecord, source: ConfigSource): Fleet | undefined {
  const files = readFiles(referencedFiles(raw, readFiles(referencedFiles(raw), source)), source);
  const parsed = parseFleet(raw, { files, environment: source.environment });
  return parsed.ok ? parsed.value : undefined;
}

function readFiles(paths: readonly unknown[], { readFile }: ConfigSource): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const path of paths) {
    const text = typeof path === "string" ? readFile(path) : undefined;
    if (typeof path === "string" && text !== undefined) files.set(path, text);
  }
  return files;
}

const wordsOf = ({ path, message }: Problem): string => `curfew:${path} ${message}`;
