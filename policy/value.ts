import { UnknownValueError } from "@pulumi/policy";

/** Stands for what a preview cannot know yet. */
export const UNKNOWN = Symbol("not known before the stack is up");

/** What a resource was declared with, as the policy SDK hands it over: reading an unknown value of it throws. */
export type Props = Readonly<Record<string, unknown>>;

/** The value at a path; undefined where there is none, {@link UNKNOWN} where a preview cannot know. Never throws. */
export function valueAt(props: unknown, ...path: readonly string[]): unknown {
  try {
    return path.reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), props);
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}

/** The text at a path; undefined where there is none or something else. */
export function textAt(props: unknown, ...path: readonly string[]): string | undefined {
  const value = valueAt(props, ...path);
  return typeof value === "string" ? value : undefined;
}

/** The number at a path; undefined where there is none or something else. */
export function numberAt(props: unknown, ...path: readonly string[]): number | undefined {
  const value = valueAt(props, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The list at a path, in which unknown entries are {@link UNKNOWN}; empty where there is none. */
export const listAt = (props: unknown, ...path: readonly string[]): readonly unknown[] =>
  entriesOf(valueAt(props, ...path));

/** The entries of a list, each read as {@link valueAt} does; none of what is no list. */
export const entriesOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? Array.from({ length: value.length }, (_, index) => valueAt(value, String(index))) : [];

/** The keys of a map; none of what is no map. */
export const keysAt = (props: unknown, ...path: readonly string[]): readonly string[] => {
  const value = valueAt(props, ...path);
  return isContainer(value) ? Object.keys(value) : [];
};

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
