import type { ApiObject } from "../../ports/index.js";
import type { Simulation } from "./cluster-state.js";

/** How the objects of one type are kept. Where the twin has a model, they are views on it, and writes go through to it. */
export interface NativeType {
  readonly views: (simulation: Simulation) => readonly ApiObject[];
  /** Brings a written object into the model; left out for types whose objects can only be read. */
  readonly write?: (simulation: Simulation, object: ApiObject) => void;
  /** Adds an object to the model; left out for types that have controls of their own. */
  readonly create?: (simulation: Simulation, object: ApiObject) => void;
  readonly remove: (simulation: Simulation, object: ApiObject) => void;
}

/** What the model says of an object; undefined fields are left to what was written there. */
interface Modelled {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly uid: string; readonly [field: string]: unknown };
  readonly spec?: object;
  readonly status?: object;
}

/**
 * An object as the API gives it. The model's fields win over what was written, and that over `defaults`; maps and
 * lists count as one value each. A copy: whoever changes it changes nothing.
 */
export function viewOf({ state }: Simulation, modelled: Modelled, defaults: object = {}): ApiObject {
  const written: Readonly<Record<string, unknown>> = { ...(state.overlays.get(modelled.metadata.uid) ?? defaults) };
  const merged = {
    ...written,
    ...modelled,
    metadata: { ...asObject(written["metadata"]), ...modelled.metadata },
    spec: { ...asObject(written["spec"]), ...modelled.spec },
    status: { ...asObject(written["status"]), ...modelled.status },
  };
  // By way of JSON, so that fields that the model has at nothing are not there.
  return JSON.parse(JSON.stringify(merged)) as ApiObject;
}

/** ISO text of an instant, to the second as the API has it. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
