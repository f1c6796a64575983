import type { ApiObject, ListOptions, RemoveAnswer, ResourceType } from "../../ports/index.js";
import type { StepContext } from "../context.js";
import { nodeNameOf } from "./remains.js";

/** Counts what was removed and gathers what could not be. */
export interface Sweep {
  /** Lists a type; nothing, with a warning, where RBAC hides it. */
  list(type: ResourceType, options?: ListOptions): Promise<readonly ApiObject[]>;
  /** Asks for one removal and notes the answer. */
  ask(what: string, remove: () => Promise<RemoveAnswer>): Promise<void>;
  /** An attachment for whose node there is no proof. */
  leave(attachment: ApiObject): void;
  /** Writes the warnings and tells what was removed. */
  conclude(): string;
}

/** A sweep that writes its warnings into the run's notes. */
export function startSweep({ kubernetes, session, notes }: StepContext): Sweep {
  const removed = new Map<string, number>();
  const refused = new Map<string, { count: number; message: string }>();
  const left: ApiObject[] = [];
  return {
    async list(type, options) {
      const answer = await kubernetes.objects.list(type, options);
      if (answer.kind === "forbidden")
        notes.warnings.push(`Not cleaned, because Curfew may not list ${type.plural}: ${answer.message}`);
      return answer.kind === "listed" ? answer.items : [];
    },
    async ask(what, remove) {
      const answer = await remove();
      if (answer.kind === "accepted") removed.set(what, (removed.get(what) ?? 0) + 1);
      else if (answer.kind !== "gone")
        refused.set(what, { count: (refused.get(what)?.count ?? 0) + 1, message: answer.message });
      await session.heartbeat();
    },
    leave: (attachment) => void left.push(attachment),
    conclude() {
      for (const [what, { count, message }] of refused)
        notes.warnings.push(`${count} leftover ${what}(s) could not be removed: ${message}`);
      if (left.length > 0) notes.warnings.push(unproven(left));
      const counts = [...removed].map(([what, count]) => `${count} ${what}(s)`);
      return counts.length === 0 ? "nothing was left" : `removed ${counts.join(", ")}`;
    },
  };
}

function unproven(left: readonly ApiObject[]): string {
  const names = left.slice(0, 5).map((one) => `${one.metadata.name} (${nodeNameOf(one) ?? ""})`);
  return `${left.length} volume attachment(s) name nodes that are gone, and nothing proves that their instances ended: ${names.join(", ")}. Kubernetes frees them after about 6 minutes.`;
}
