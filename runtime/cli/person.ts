import { readVariable } from "./read-variable.js";

/** Who asks, by the login name that shells give. */
export function personOf(environment: Readonly<Record<string, string | undefined>>): string {
  return readVariable(environment, "USER") ?? readVariable(environment, "USERNAME") ?? "somebody";
}
