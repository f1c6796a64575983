import { relative, resolve } from "node:path";

import {
  gatherFiles,
  parseFleet,
  parseStackFile,
  SECTION_NAMES,
  checkConfigSize,
  type Fleet,
} from "../config/index.js";
import { DEFAULT_STATE_PATH } from "../compose.js";
import { isTableAddress } from "../ports/index.js";
import type { Parsed, Problem } from "../schedule/index.js";
import { findSource, type ConfigSource, type SourceOptions } from "./config-source.js";
import type { CliHost } from "./host.js";
import { readVariable } from "./read-variable.js";

/** What is declared, and where. */
export interface Project {
  readonly fleet: Fleet;
  /** The file that declares it, as seen from the working folder. */
  readonly file: string;
  /** Absolute path of the state file, address of the hub's table, or `:memory:`. */
  readonly statePath: string;
  /** Absolute paths of all files that declare it: that one, and those that it names. */
  readonly sources: readonly string[];
}

/** Further checks of a declaration. */
export interface LoadOptions {
  /** Also refuse a stack file that is too large for Pulumi to hand on. */
  readonly isForPulumi?: boolean;
}

/** Reads and checks the declared fleet; every problem at once. Opens no state. Throws what {@link findSource} throws. */
export async function loadProject(
  options: SourceOptions,
  host: CliHost,
  { isForPulumi = false }: LoadOptions = {},
): Promise<Parsed<Project>> {
  const source = await findSource(options, host);
  const file = relative(host.cwd, source.file) || source.file;
  const text = await host.readText(source.file);
  if (text === undefined)
    return { ok: false, problems: [{ path: file, message: "cannot be read: is there such a file?" }] };
  const raw = parseStackFile(text);
  if (!raw.ok) return raw;
  const files = await gatherFiles(raw.value, (path) => host.readText(resolve(source.folder, path)));
  const fleet = parseFleet(raw.value, { files, environment: host.environment });
  const oversize = isForPulumi && isStackFile(text) ? checkConfigSize(raw.value) : [];
  const problems = [...(fleet.ok ? [] : fleet.problems), ...oversize];
  if (!fleet.ok || problems.length > 0) return { ok: false, problems };
  const sources = [source.file, ...[...files.keys()].map((path) => resolve(source.folder, path))];
  return { ok: true, value: { fleet: fleet.value, file, statePath: statePathOf(fleet.value, source, host), sources } };
}

/** `path: message`, one line each; a problem of the whole file goes by the file's name. */
export function problemLines(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("\n");
}

/** Only a stack file has the namespace before its keys, and only its size is bounded by Pulumi. */
function isStackFile(text: string): boolean {
  return SECTION_NAMES.some((name) => text.includes(`curfew:${name}`));
}

function statePathOf({ state }: Fleet, { folder }: ConfigSource, { environment }: CliHost): string {
  const path = readVariable(environment, "CURFEW_STATE") ?? state ?? DEFAULT_STATE_PATH;
  return path === ":memory:" || isTableAddress(path) ? path : resolve(folder, path);
}
