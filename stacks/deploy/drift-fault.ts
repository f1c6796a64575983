import type { Environment } from "./environment.js";
import type { Fault } from "./fault.js";

/** Drift as what it is. A repair changes no cluster beside a hub: there the engine only declares, and the hub does the work. */
export function faultOfDrift({ name, fleet }: Environment, words: readonly string[]): Fault {
  const repair = `\`curfew deploy drift ${name} --repair\` puts`;
  const remedy =
    fleet.hub === null
      ? `${repair} it right.`
      : `${repair} the hub's parts right. Clusters follow at their calendar's next change, or now by \`curfew hibernate\` and \`curfew wake\`.`;
  return { code: "drift-found", message: words.join("\n"), remedy };
}
