import type { ApiObject, RehearsalAnswer, ResourceType } from "../../ports/index.js";
import type { ObjectBook } from "./object-book.js";
import type { ObjectDraft } from "./object-draft.js";
import { fullName } from "./object-draft.js";
import type { ObjectRules } from "./object-rules.js";
import type { Reactions } from "./reactions.js";
import type { ObjectName } from "./workload-controls.js";

/** A little controller: told of an object after a change of it, it may change things in turn. */
export type Reaction = (object: ApiObject, controls: ObjectControls) => void;

/** What everybody but Curfew does to objects of any type, past the port and the journal. Takes effect at the clock's now. */
export interface ObjectControls {
  /**
   * Creates the object or takes the place of the one by its name; uid, creationTimestamp, generation and
   * resourceVersion are the server's unless they are given. Its type is served from now on. Deployments, ReplicaSets,
   * StatefulSets and DaemonSets get pods; fields that are left out of one that exists, or of a node, stay.
   */
  put(type: ResourceType, object: ObjectDraft): ApiObject;
  /** Deletes the object; with finalizers it stays, deletionTimestamp set, until they are taken off. Calling twice is safe. */
  remove(type: ResourceType, target: ObjectName): void;
  get(type: ResourceType, target: ObjectName): ApiObject | undefined;
  all(type: ResourceType): readonly ApiObject[];
  /** RBAC denies exactly these verbs (get, list, patch, delete, create) on the type; none: everything is allowed again. */
  forbid(type: ResourceType, verbs: readonly string[]): void;
  /** The type's CRD is installed. Built-in groups are served anyway. */
  serve(type: ResourceType): void;
  /** The type's CRD is removed, and every object of it, finalizers or not. For types that the twin has no model of. */
  unserve(type: ResourceType): void;
  /** Admission refuses every patch and deletion of the type with this message; null ends that. */
  refuse(type: ResourceType, message: string | null): void;
  /** What rehearsals of creations of the type come to; null: they are accepted. No webhook is derived. */
  answerRehearsals(type: ResourceType, answer: RehearsalAnswer | null): void;
  /**
   * Runs `reaction` after every put, patch and deletion of an object of the type, by whomever; a deleted one is shown
   * once more with its deletionTimestamp. Changes that the twin's own controllers make are not told.
   */
  react(type: ResourceType, reaction: Reaction): void;
}

interface ControlParts {
  readonly book: ObjectBook;
  readonly rules: ObjectRules;
  readonly reactions: Reactions;
  readonly change: <T>(effect: () => T) => T;
}

/** The controls over `book` and `rules`; `change` performs an effect now and lets the controllers react. */
export function createObjectControls({ book, rules, reactions, change }: ControlParts): ObjectControls {
  const controls: ObjectControls = {
    put: (type, draft) =>
      change(() => {
        rules.setServed(type, true);
        return book.put(type, draft);
      }),
    remove: (type, target) =>
      change(() => {
        const found = book.find(type, fullName(type, target));
        if (found !== undefined) book.remove(type, found);
      }),
    get: (type, target) => change(() => book.find(type, fullName(type, target))),
    all: (type) => change(() => book.all(type)),
    forbid: (type, verbs) => rules.forbid(type, verbs),
    serve: (type) => rules.setServed(type, true),
    unserve: (type) =>
      change(() => {
        book.clear(type);
        rules.setServed(type, false);
      }),
    refuse: (type, message) => rules.setRefusal(type, message),
    answerRehearsals: (type, answer) => rules.setRehearsal(type, answer),
    react: (type, reaction) => reactions.add(type, (object) => reaction(object, controls)),
  };
  return controls;
}
