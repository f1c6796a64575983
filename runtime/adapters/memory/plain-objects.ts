import type { ApiObject } from "../../ports/index.js";
import type { Simulation } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { timestamp, type NativeType } from "./native-object.js";

/** Types that the twin has no model of, by their key: objects are kept as they are written. */
export function createPlainTypes(): (key: string) => Required<NativeType> {
  let resourceVersion = 1;

  return (key) => {
    function stored({ state }: Simulation): Map<string, ApiObject> {
      const objects = state.objects.get(key) ?? new Map<string, ApiObject>();
      state.objects.set(key, objects);
      return objects;
    }

    /** Keeps the object, or forgets it when it waited for its finalizers only. */
    function write(simulation: Simulation, object: ApiObject): void {
      const { metadata } = object;
      const place = objectKey({ namespace: metadata.namespace ?? "", name: metadata.name });
      resourceVersion += 1;
      if (hasEnded(object)) stored(simulation).delete(place);
      else
        stored(simulation).set(place, {
          ...object,
          metadata: { ...metadata, resourceVersion: String(resourceVersion) },
        });
    }

    return {
      views: (simulation) => [...stored(simulation).values()].map((object) => structuredClone(object)),
      write,
      create(simulation, object) {
        const creationTimestamp = timestamp(simulation.agenda.now());
        write(simulation, { ...object, metadata: { creationTimestamp, generation: 1, ...object.metadata } });
      },
      remove: write,
    };
  };
}

function hasEnded({ metadata }: ApiObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
}
