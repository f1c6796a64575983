/**
 * Spares the policy SDK a package manager. To serve policies it loads all of `@pulumi/pulumi`, and with it `@npmcli/arborist`,
 * by which closures find their dependencies: a third of the pack's start, for which the whole preview waits, and nothing
 * that a policy does. Must be imported before the SDK.
 */
import { registerHooks } from "node:module";

/** Some built-in module: what is put in its place is never called. */
const NOTHING = { url: "node:path", format: "builtin", shortCircuit: true } as const;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "@npmcli/arborist" ? NOTHING : nextResolve(specifier, context),
});
