import { readFileSync } from "node:fs";

import fc from "fast-check";

import { parseStackFile, SECTION_NAMES } from "../../runtime/config/index.js";
import { packagePath } from "../lab/package-path.js";
import { valueOf } from "./declared.js";

/** Config as structures, its keys without their namespace. */
export type Raw = Readonly<Record<string, unknown>>;

const EXAMPLES = ["dev", "staging", "production"].map((name) => read(`Pulumi.${name}.yaml`));
/** The examples as structures, and one in which everything stands in the stack itself. */
const VALID: readonly Raw[] = EXAMPLES.map((text) => valueOf(parseStackFile(text))).map(withoutFiles);
/** Files that fuzzed config may name. */
export const FILES = new Map([
  ["catalogue.yaml", read("catalogue.production.yaml")],
  ["broken.yaml", "clusters: [1\n"],
  ["shard.json", '["222222222222/ap-southeast-2/payments-dev"]'],
  ["holidays.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"],
]);

function read(name: string): string {
  return readFileSync(packagePath("stacks", name), "utf8");
}

/** The catalogue in place, and no iCalendar file: a century of holidays at each of thousands of parses proves nothing. */
function withoutFiles(raw: Raw): Raw {
  const calendars = { nsw: { dates: ["2026-12-25"] }, company: { dates: ["2026-12-24"] }, germany: { dates: [] } };
  if (raw["catalogue"] === undefined) return { ...raw, calendars };
  const { catalogue: _, ...rest } = raw;
  return { ...rest, calendars, ...valueOf(parseStackFile(read("catalogue.production.yaml"))) };
}

/** Values that config is full of, so that a value in the wrong place is often one of the right kind. */
const WORDS = [
  ...SECTION_NAMES,
  ...["name", "account", "region", "schedule", "profile", "tags", "settings", "drain", "secure", "config", "<<"],
  ...["office-sydney", "web", "222222222222", "eu-central-1", "Europe/Berlin", "Mon-Fri 07:00-19:00", "0 7 * * 1-5"],
  ...["2027-12-31", "2026-12-24T18:00", "catalogue.yaml", "broken.yaml", "shard.json", "holidays.ics", "none", "*"],
  ...["__proto__", "constructor", "toString", "", " ", "null", "{", "[]", "\u0000", "é\u{1f600}", "a.b[0]"],
];
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string());
const leaf = fc.oneof(
  fc.constantFrom(null, true, false, 0, 1, -1, 2, 1.5, 1e21, Number.MAX_SAFE_INTEGER, 222222222222),
  word,
  fc.constantFrom("always", "never", "running", "hub", "wake", "2026-12-25 00:00:00 +0000 UTC"),
);
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(word, tie("value"), { maxKeys: 4 }),
  ),
}));
const sectionName = fc.oneof(fc.constantFrom<string>(...SECTION_NAMES), word);
const section = fc.oneof(leaf, anything);

/** Whatever stands below the keys that there are, and below others. */
export const random: fc.Arbitrary<Raw> = fc.dictionary(sectionName, section, { maxKeys: 5 });

/** One change of a structure: at the place to which `turns` lead, `value` replaces, joins, or nothing is left. */
interface Mutation {
  readonly turns: readonly number[];
  readonly kind: "replace" | "remove" | "add" | "copy";
  readonly key: string;
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  turns: fc.array(fc.nat(999), { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom("replace", "remove", "add", "copy"),
  key: word,
  value: section,
});
/** The worked examples with up to three changes, of which many do no harm. */
export const mutated = fc
  .tuple(fc.constantFrom(...VALID), fc.array(mutation, { maxLength: 3 }))
  .map(([raw, mutations]) => mutations.reduce<unknown>(mutate, raw) as Raw);

function mutate(target: unknown, { turns: [turn = 0, ...rest], ...change }: Mutation): unknown {
  if (typeof target !== "object" || target === null) return change.value;
  const entries = Object.entries(target as Raw);
  const index = turn % (entries.length + 1);
  const chosen = entries[index];
  if (chosen === undefined) return rebuilt(target, [...entries, [change.key, change.value]]);
  const [key, value] = chosen;
  if (rest.length > 0 && typeof value === "object" && value !== null) {
    return rebuilt(target, entries.with(index, [key, mutate(value, { turns: rest, ...change })]));
  }
  const other = entries[(index + 1) % entries.length]?.[1];
  switch (change.kind) {
    case "replace":
      return rebuilt(target, entries.with(index, [key, change.value]));
    case "remove":
      return rebuilt(target, entries.toSpliced(index, 1));
    case "add":
      return rebuilt(target, [...entries, [change.key, change.value]]);
    case "copy":
      return rebuilt(target, entries.with(index, [key, other]));
  }
}

function rebuilt(like: object, entries: readonly (readonly [string, unknown])[]): unknown {
  return Array.isArray(like) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

/** Values as Pulumi hands them on, of which some are another kind of text than they should be. */
export const jsonTexts = fc
  .tuple(mutated, fc.array(fc.tuple(fc.nat(20), fc.constantFrom("twice", "cut", "plain", "number")), { maxLength: 2 }))
  .map(([raw, slips]) => {
    const entries = Object.entries(raw).map(([key, value]) => [`curfew:${key}`, textOf(value)] as const);
    return Object.fromEntries(
      entries.map(([key, text], index) => [
        key,
        slips.reduce((slipped, [at, kind]) => (at % entries.length === index ? slip(slipped, kind) : slipped), text),
      ]),
    );
  });

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function slip(text: string, kind: "twice" | "cut" | "plain" | "number"): string {
  switch (kind) {
    case "twice":
      return JSON.stringify(text);
    case "cut":
      return text.slice(0, text.length / 2);
    case "plain":
      return "office";
    case "number":
      return "42";
  }
}

/** An example's own text with a piece of it exchanged. */
export const texts = fc
  .tuple(
    fc.constantFrom(...EXAMPLES, "config:\n", ""),
    fc.array(
      fc.tuple(fc.nat(), fc.nat(30), fc.oneof(word, fc.constantFrom("*a", "&a ", "!!", "\n- ", ": ", "\t", "{{"))),
    ),
  )
  .map(([text, cuts]) =>
    cuts.reduce((now, [at, length, piece]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + piece + now.slice(from + length);
    }, text),
  );
