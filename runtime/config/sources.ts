import { pathTo } from "../schedule/index.js";
import type { PlainRecord } from "./plain-record.js";
import { isPlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import type { SectionName } from "./sections.js";
import { catalogueSchema, SECTION_NAMES } from "./sections.js";
import { checkShape } from "./shape.js";
import { parseStackFile } from "./stack-file.js";
import { quote, suggest } from "./wording.js";

/** Files by the path under which config names them. */
export type Files = ReadonlyMap<string, string>;

/** A place where things are declared: the stack's config itself (path ""), or its catalogue. */
export interface Source {
  readonly path: string;
  readonly raw: PlainRecord;
}

/** A declared value and where it stands. */
export interface Item {
  readonly path: string;
  readonly value: unknown;
}

export interface NamedItem extends Item {
  readonly name: string;
}

/** The stack's config, and the catalogue's if it names one. */
export function readSources(raw: PlainRecord, files: Files, problems: ProblemList): readonly Source[] {
  const catalogue = readCatalogue(raw["catalogue"], files, problems);
  if (isPresent(catalogue?.["catalogue"])) {
    problems.add("catalogue.catalogue", "must not be there: a catalogue cannot name another one");
  }
  if (isPresent(catalogue?.["shard"])) {
    problems.add(
      "catalogue.shard",
      "must not be there: which clusters a stack holds is said in the stack's own config",
    );
  }
  const sources = [{ path: "", raw }, ...(catalogue === undefined ? [] : [{ path: "catalogue", raw: catalogue }])];
  for (const source of sources) refuseUnknownKeys(source, problems);
  return sources;
}

/** The entries of a map such as `schedules`, from all sources. A name that comes twice is a problem. */
export function namedItems(
  sources: readonly Source[],
  section: SectionName,
  problems: ProblemList,
): readonly NamedItem[] {
  const items = new Map<string, NamedItem>();
  for (const { path, value } of sectionsOf(sources, section)) {
    if (!isPlainRecord(value)) problems.add(path, `must be a map of names, not ${quote(value)}`);
    else {
      for (const [name, entry] of Object.entries(value)) {
        const item = { name, path: pathTo(path, name), value: entry };
        const first = items.get(name);
        if (first === undefined) items.set(name, item);
        else problems.add(item.path, `is declared already at ${first.path}: keep one of them`);
      }
    }
  }
  return [...items.values()];
}

/** The entries of a list such as `clusters`, from all sources. */
export function listedItems(sources: readonly Source[], section: SectionName, problems: ProblemList): readonly Item[] {
  return sectionsOf(sources, section).flatMap(({ path, value }) => {
    if (Array.isArray(value))
      return value.map((entry: unknown, index) => ({ path: pathTo(path, index), value: entry }));
    problems.add(path, `must be a list, not ${quote(value)}`);
    return [];
  });
}

/** A section that makes sense only once. */
export function onlyItem(sources: readonly Source[], section: SectionName, problems: ProblemList): Item | undefined {
  const [first, ...others] = sectionsOf(sources, section);
  for (const { path } of others) problems.add(path, `is declared already at ${section}: keep one of them`);
  return first;
}

/** The section in every source that has it. YAML's `clusters:` with nothing behind it counts as absent. */
export function sectionsOf(sources: readonly Source[], section: SectionName): readonly Item[] {
  return sources
    .map(({ path, raw }) => ({ path: pathTo(path, section), value: raw[section] }))
    .filter(({ value }) => isPresent(value));
}

function readCatalogue(value: unknown, files: Files, problems: ProblemList): PlainRecord | undefined {
  if (!isPresent(value)) return undefined;
  const path = problems.take(checkShape(catalogueSchema, value, "catalogue"));
  if (path === undefined) return undefined;
  const text = files.get(path);
  if (text === undefined) {
    problems.add("catalogue", `names a file that cannot be read: ${quote(path)}`);
    return undefined;
  }
  const parsed = parseStackFile(text);
  if (parsed.ok) return parsed.value;
  for (const problem of parsed.problems) problems.add("catalogue", `${path}, ${problem.path}: ${problem.message}`);
  return undefined;
}

function refuseUnknownKeys({ path, raw }: Source, problems: ProblemList): void {
  for (const key of Object.keys(raw)) {
    if (!SECTION_NAMES.some((name) => name === key)) {
      problems.add(pathTo(path, key), `is not a known key${suggest(key, SECTION_NAMES)}`);
    }
  }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
