import * as pulumi from "@pulumi/pulumi";

import {
  checkConfigSize,
  curfewConfig,
  gatherFiles,
  parseFleet,
  type Environment,
  type Fleet,
} from "../runtime/config/index.js";
import type { Parsed, Problem } from "../runtime/schedule/index.js";
import { refuseUnspread } from "./shard.js";

/**
 * Reads the stack's whole config, as Pulumi hands it to the program, and the files that it names.
 * Rejects with all problems at once, in a form that Pulumi prints without a stack trace, and where the deployer is needed.
 */
export async function readFleet(
  config: Readonly<Record<string, string>>,
  environment: Environment,
  read: (path: string) => Promise<string>,
): Promise<Fleet> {
  const raw = curfewConfig(config);
  const oversize = checkConfigSize(raw);
  // What is wrong inside a config of that size would bury the way out.
  if (oversize.length > 0) throw refusal(oversize);
  const files = await gatherFiles(raw, (path) => read(path).catch(() => undefined));
  const fleet = accept(parseFleet(raw, { files, environment }));
  refuseUnspread(fleet);
  return fleet;
}

function accept<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw refusal(parsed.problems);
}

function refusal(problems: readonly Problem[]): Error {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map(({ path, message }) => `  ${nameOf(path)} ${message}`);
  return new pulumi.RunError([`The stack's config is refused, with ${count}:`, ...lines].join("\n"));
}

const nameOf = (path: string): string => (path.startsWith("environment.") ? path.slice(12) : `curfew:${path}`);
