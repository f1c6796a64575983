/**
 * Lets Pulumi's SDK start without two packages that it loads each time and uses in few processes: a package manager and the
 * TypeScript compiler, by which it takes closures apart. They are most of its start, and the engine starts three Node
 * processes for each command. Each is loaded when something of it is first used, so nothing else changes.
 *
 * To be imported before the SDK, or given to Node by `--import`. Twice is as good as once.
 */
// Not by name: a Node without it, older than Curfew's, has to start so that it can be told.
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const SELDOM_USED = new Set(["@npmcli/arborist", "typescript"]);
const SDK = "/node_modules/@pulumi/pulumi/";
const SCHEME = "curfew-when-used:";

/** The symbol under which the text of a stand-in, which runs outside this module, finds {@link standIn}. */
const STAND_IN = "curfew.lean-sdk.stand-in";

const require = nodeModule.createRequire(import.meta.url);

Object.assign(globalThis, { [Symbol.for(STAND_IN)]: standIn });
if ("registerHooks" in nodeModule) nodeModule.registerHooks({ resolve: spare, load: loadStandIn });

function spare(...[specifier, context, nextResolve]: Parameters<nodeModule.ResolveHookSync>) {
  const found = nextResolve(specifier, context);
  const isSpared =
    SELDOM_USED.has(specifier) && context.parentURL?.includes(SDK) === true && found.url.startsWith("file:");
  return isSpared ? { url: SCHEME + found.url, format: "commonjs", shortCircuit: true } : found;
}

function loadStandIn(...[url, context, nextLoad]: Parameters<nodeModule.LoadHookSync>) {
  if (!url.startsWith(SCHEME)) return nextLoad(url, context);
  const path = JSON.stringify(fileURLToPath(url.slice(SCHEME.length)));
  const source = `module.exports = globalThis[Symbol.for("${STAND_IN}")](${path});`;
  return { format: "commonjs", source, shortCircuit: true };
}

/** What the SDK gets in place of the package at `path`. */
function standIn(path: string): object {
  let loaded: Readonly<Record<PropertyKey, unknown>> | undefined;
  const real = () => (loaded ??= require(path) as Readonly<Record<PropertyKey, unknown>>);
  return new Proxy(
    {},
    {
      get(_, key) {
        // Compiled imports ask first, and would copy all properties of what is not an ES module.
        if (key === "__esModule") return true;
        return key === "default" ? (real()[key] ?? real()) : real()[key];
      },
      has: (_, key) => key in real(),
    },
  );
}
