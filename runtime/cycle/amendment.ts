import * as z from "zod";

import type { ApiObject, ObjectRef, PatchOperation } from "../ports/index.js";
import { canReach, countMissingParents, editObject, readField, sameJson, type FieldPath } from "./field-path.js";

/** Which measure a change belongs to; they are taken and given back in an order of their own. */
export const PURPOSES = ["gitops", "autoscaler", "karpenter", "keda", "jobs", "cronjobs", "webhooks"] as const;
/** The name of a measure. */
export type Purpose = (typeof PURPOSES)[number];

const pathSchema = z.array(z.union([z.string(), z.strictObject({ name: z.string() })]));
const typeSchema = z.strictObject({
  group: z.string(),
  versions: z.array(z.string()),
  plural: z.string(),
  kind: z.string(),
  isNamespaced: z.boolean(),
});

/** One field of one object that Curfew changes for the night, with what is needed to give it back. */
export const amendmentSchema = z.strictObject({
  /** `kind/namespace/name#field`: unique within a cycle. */
  id: z.string(),
  purpose: z.enum(PURPOSES),
  type: typeSchema,
  namespace: z.string().nullable(),
  name: z.string(),
  uid: z.string(),
  path: pathSchema,
  /** The value before; no field at all is told apart from every value (safe-cycle H3: absent differs from "0"). */
  original: z.json().optional(),
  /** How many objects above the field were not there: they go again with it. */
  madeParents: z.number().int().default(0),
  /** The value for the night; left out: the field is removed. */
  ours: z.json().optional(),
  /** `saved`: noted, perhaps applied; `given-back`: as it was; `left`: somebody else's by now. */
  state: z.enum(["saved", "given-back", "left"]),
  /** Why, in words for a report. */
  reason: z.string(),
});

/** A field-level change that is saved before it is made and given back only while it is still ours (safe-cycle H16, W14). */
export type Amendment = z.output<typeof amendmentSchema>;

/** What a measure says of one change; the rest follows from the object as it was read. */
export interface AmendmentWish {
  readonly purpose: Purpose;
  readonly type: ObjectRef["type"];
  readonly path: FieldPath;
  /** Left out: remove the field. */
  readonly ours?: z.core.util.JSONType;
  readonly reason: string;
}

/**
 * The change of `object` that a measure wants. Null when the field has that value already: then it is somebody's own.
 * Null also when the object has another shape, so that there is no such field to set.
 */
export function amend(object: ApiObject, wish: AmendmentWish): Amendment | null {
  const original = readField(object, wish.path);
  if (sameJson(original, wish.ours) || !canReach(object, wish.path)) return null;
  const { namespace = null, name, uid } = object.metadata;
  return {
    id: `${wish.type.kind}/${namespace === null ? "" : `${namespace}/`}${name}#${wordsOf(wish.path)}`,
    purpose: wish.purpose,
    type: { ...wish.type, versions: [...wish.type.versions] },
    namespace,
    name,
    uid,
    path: [...wish.path],
    madeParents: countMissingParents(object, wish.path),
    ...(original === undefined ? {} : { original: original as z.core.util.JSONType }),
    ...(wish.ours === undefined ? {} : { ours: wish.ours }),
    state: "saved",
    reason: wish.reason,
  };
}

/** The same change with what the object says now as its original. */
export function amendAgain({ original: _, ...amendment }: Amendment, object: ApiObject): Amendment {
  const original = readField(object, amendment.path);
  const madeParents = countMissingParents(object, amendment.path);
  return {
    ...amendment,
    madeParents,
    ...(original === undefined ? {} : { original: original as z.core.util.JSONType }),
  };
}

/**
 * How an amended object stands. `ours` and `original` by value and, for ours, by the mark that Curfew left on the object:
 * a value that merely equals ours without the mark is somebody's own (crash table of the contract). `recreated`: another
 * object by the same name; there is nothing to give back (safe-cycle W14).
 */
export type Standing = "ours" | "original" | "changed" | "recreated" | "gone";

/** Three-way: original, ours, live. */
export function standingOf(amendment: Amendment, live: ApiObject | null): Standing {
  if (live === null) return "gone";
  if (live.metadata.uid !== amendment.uid) return "recreated";
  const value = readField(live, amendment.path);
  if (sameJson(value, amendment.ours)) return "ours";
  return sameJson(value, amendment.original) ? "original" : "changed";
}

/** Annotation that tells people, and a later run, who changed the object. Its value is the cycle. */
export const MARK = "curfew.dev/amended-in-cycle";

/** Whether the object carries the mark of this cycle. */
export function isMarked(object: ApiObject, cycleId: string): boolean {
  return object.metadata.annotations?.[MARK] === cycleId;
}

/** The patch that applies amendments of one object, on exactly the version that was read; empty when all are applied. */
export function applyingPatch(
  amendments: readonly Amendment[],
  live: ApiObject,
  cycleId: string,
): readonly PatchOperation[] {
  const editor = editObject(live);
  for (const { path, ours } of amendments) editor.set(path, ours);
  editor.set(MARK_PATH, cycleId);
  return editor.operations();
}

/** The patch that gives amendments of one object back; the mark goes unless others of the cycle stay on it. */
export function givingBackPatch(
  amendments: readonly Amendment[],
  live: ApiObject,
  keepsMark: boolean,
): readonly PatchOperation[] {
  const editor = editObject(live);
  if (!keepsMark) editor.set(MARK_PATH, undefined, 1);
  for (const { path, original, madeParents } of amendments) editor.set(path, original, madeParents);
  return editor.operations();
}

const MARK_PATH = ["metadata", "annotations", MARK];

/** The object an amendment is about. */
export function refOf({ type, namespace, name, uid }: Amendment): ObjectRef {
  return { type, namespace, name, uid };
}

function wordsOf(path: FieldPath): string {
  return path.map((part) => (typeof part === "string" ? part : `[${part.name}]`)).join(".");
}
