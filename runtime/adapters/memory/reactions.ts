import type { ApiObject, ResourceType } from "../../ports/index.js";
import { typeKey } from "./object-rules.js";

/** Who is told of which type's changes. */
export interface Reactions {
  add(type: ResourceType, reaction: (object: ApiObject) => void): void;
  /** Tells of a change; what a reaction changes in turn is told after it. */
  readonly tell: (type: ResourceType, object: ApiObject) => void;
}

/** A chain of changes that is longer than this has no end. */
const MAX_CHAIN = 1000;

/** Nobody is told of anything yet. */
export function createReactions(): Reactions {
  const reactions = new Map<string, ((object: ApiObject) => void)[]>();
  const waiting: (() => void)[] = [];
  let isTelling = false;

  function tellAll(): void {
    isTelling = true;
    try {
      for (let told = 0; waiting.length > 0; told += 1) {
        if (told === MAX_CHAIN) throw new Error("reactions that never come to rest");
        waiting.shift()?.();
      }
    } finally {
      waiting.length = 0;
      isTelling = false;
    }
  }

  return {
    add(type, reaction) {
      const key = typeKey(type);
      reactions.set(key, [...(reactions.get(key) ?? []), reaction]);
    },
    tell(type, object) {
      for (const reaction of reactions.get(typeKey(type)) ?? []) waiting.push(() => reaction(object));
      if (!isTelling) tellAll();
    },
  };
}
