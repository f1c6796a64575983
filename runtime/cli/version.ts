import { createRequire } from "node:module";

/** The package's version, found by its own name so that it works from the source and from the build. */
export function packageVersion(): string {
  const manifest = createRequire(import.meta.url)("curfew/package.json") as { readonly version: string };
  return manifest.version;
}
