import type {
  ListAnswer,
  ListOptions,
  NamespacedName,
  ObjectRef,
  Objects,
  PatchAnswer,
  PatchOperation,
  RehearsalAnswer,
  RemoveAnswer,
  ResourceType,
} from "../../ports/index.js";
import type { ApiObject } from "../../ports/index.js";
import { Failure, isFailure } from "../../ports/index.js";
import type { Calls } from "./calls.js";
import { applyJsonPatch } from "./json-patch.js";
import type { ObjectBook } from "./object-book.js";
import type { ObjectRules } from "./object-rules.js";
import { isListed } from "./object-selectors.js";

/** The server says no more than this about a patch that does not fit. */
const MISFIT = "the server rejected our request due to an error in our request";

/** Objects of any type on one in-memory API server. */
export function createMemoryObjects(calls: Calls, book: ObjectBook, rules: ObjectRules): Objects {
  return {
    list: (type, options) => forbiddenAsAnswer(() => calls.read("listObjects", () => list(book, rules, type, options))),
    read: (type, target) => calls.read("readObject", () => read(book, rules, type, target)),
    patch: (ref, operations) =>
      forbiddenAsAnswer(() =>
        calls.mutate(
          { call: "patchObject", target: targetOf(ref), detail: { uid: ref.uid, operations } },
          () => patch(book, rules, ref, operations),
          kindOf,
        ),
      ),
    remove: (ref) =>
      forbiddenAsAnswer(() =>
        calls.mutate(
          { call: "removeObject", target: targetOf(ref), detail: { uid: ref.uid } },
          () => remove(book, rules, ref),
          kindOf,
        ),
      ),
    rehearseCreate: (type, namespace) =>
      forbiddenAsAnswer(() => calls.read("rehearseCreate", () => rehearse(rules, type, namespace))),
    may: async (question) => {
      const answer = await forbiddenAsAnswer(() => calls.read("may", () => rules.mayDo(question)));
      return answer === true;
    },
  };
}

function list(book: ObjectBook, rules: ObjectRules, type: ResourceType, options: ListOptions = {}): ListAnswer {
  const message = rules.denial("list", type);
  if (!rules.isServed(type)) return { kind: "not-served" };
  if (message !== undefined) return { kind: "forbidden", message };
  const items = book.all(type).filter((object) => isListed(object, options));
  return { kind: "listed", items: items.sort(byNamespaceAndName) };
}

function read(book: ObjectBook, rules: ObjectRules, type: ResourceType, target: NamespacedName): ApiObject | null {
  const message = rules.denial("get", type);
  if (!rules.isServed(type)) return null;
  if (message !== undefined) throw new Failure({ code: "rbac-denied", message, remedy: "Allow it again." });
  return book.find(type, target) ?? null;
}

function patch(
  book: ObjectBook,
  rules: ObjectRules,
  ref: ObjectRef,
  operations: readonly PatchOperation[],
): PatchAnswer {
  const found = before(book, rules, "patch", ref);
  if (found.kind !== "found") return found;
  const patched = applyJsonPatch(found.object, operations) as ApiObject | null;
  if (patched === null) return { kind: "changed", message: MISFIT };
  const message = book.canWrite(ref.type)
    ? invalidity(patched)
    : `the twin's model of ${ref.type.plural} takes no patches`;
  if (message !== undefined) return { kind: "refused", message };
  book.replace(ref.type, found.object, patched);
  return { kind: "patched", object: book.find(ref.type, ref) ?? patched };
}

function remove(book: ObjectBook, rules: ObjectRules, ref: ObjectRef): RemoveAnswer {
  const found = before(book, rules, "delete", ref);
  if (found.kind !== "found") return found;
  book.remove(ref.type, found.object);
  return { kind: "accepted" };
}

/** What every write goes past: RBAC, existence, the UID, admission. */
function before(book: ObjectBook, rules: ObjectRules, verb: string, ref: ObjectRef) {
  const denial = rules.denial(verb, ref.type);
  if (!rules.isServed(ref.type)) return { kind: "gone" } as const;
  if (denial !== undefined) return { kind: "forbidden", message: denial } as const;
  const object = book.find(ref.type, ref);
  if (object?.metadata.uid !== ref.uid) return { kind: "gone" } as const;
  const refusal = rules.refusal(ref.type);
  return refusal === undefined
    ? ({ kind: "found", object } as const)
    : ({ kind: "refused", message: refusal } as const);
}

/** The one rule of validation that every type with replicas shares. */
function invalidity(object: ApiObject): string | undefined {
  const replicas = (object["spec"] as { readonly replicas?: unknown } | undefined)?.replicas;
  const isValid = replicas === undefined || (Number.isInteger(replicas) && Number(replicas) >= 0);
  return isValid ? undefined : `spec.replicas: Invalid value: ${JSON.stringify(replicas)}`;
}

function rehearse(rules: ObjectRules, type: ResourceType, namespace: string | null): RehearsalAnswer {
  const message = rules.denial("create", type);
  if (message !== undefined) return { kind: "forbidden", message };
  if (!rules.isServed(type)) return { kind: "invalid", message: `the server knows no ${type.plural}` };
  if (type.isNamespaced && namespace === null)
    return { kind: "invalid", message: "an object of this type needs a namespace" };
  return rules.rehearsal(type);
}

/** A caller without any right gets an answer, as on the server, where the port promises one. */
async function forbiddenAsAnswer<T>(
  call: () => Promise<T>,
): Promise<T | { readonly kind: "forbidden"; readonly message: string }> {
  try {
    return await call();
  } catch (error) {
    if (isFailure(error) && error.code === "rbac-denied") return { kind: "forbidden", message: error.message };
    throw error;
  }
}

function targetOf({ type, namespace, name }: ObjectRef): string {
  return namespace === null ? `${type.kind}/${name}` : `${type.kind}/${namespace}/${name}`;
}

function kindOf({ kind }: { readonly kind: string }): string {
  return kind;
}

function byNamespaceAndName({ metadata: a }: ApiObject, { metadata: b }: ApiObject): number {
  return compare(a.namespace ?? "", b.namespace ?? "") || compare(a.name, b.name);
}

/** By code unit: the order of the API server, whatever this computer's locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
