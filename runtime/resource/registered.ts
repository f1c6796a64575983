import { parseClusterDeclaration, type ScheduledCluster } from "../config/index.js";
import { Failure, type StateStore } from "../ports/index.js";

/**
 * The cluster as it was last registered; undefined when the store does not know it, or knows it only from a run by hand.
 * Throws `Failure` config-invalid for a declaration that this version does not understand.
 */
export async function registeredCluster(
  id: string,
  store: Pick<StateStore, "readCluster">,
): Promise<ScheduledCluster | undefined> {
  const declaration = (await store.readCluster(id))?.declaration ?? null;
  if (declaration === null) return undefined;
  const parsed = parseClusterDeclaration(declaration);
  if (parsed.ok && parsed.value.exclusion === null) return parsed.value;
  throw new Failure({
    code: "config-invalid",
    message: `The state store's declaration of ${id} is not one that this version of Curfew understands.`,
    remedy: "Run `pulumi up` once with this version: it writes the declaration anew.",
  });
}

/** The state file that a resource was registered in, as its properties tell. */
export function statePathOf(properties: Readonly<Record<string, unknown>>): string | undefined {
  const path = properties["statePath"];
  return typeof path === "string" ? path : undefined;
}
