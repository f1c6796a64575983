import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

/**
 * The hub's functions, and the relay of clusters with a private endpoint; each is `runtime/lambda/<name>` and becomes
 * `<outputFolder>/<name>/index.mjs`.
 */
export type BundleName = "planner" | "worker" | "campaign" | "relay";

/** CommonJS packages ask for Node's own modules by `require`, which a module of ECMAScript has not. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Compiled, this file lies in `bin/stacks` beside `bin/runtime`; as source, in `stacks` beside `runtime`. */
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const PACKAGE_FOLDER = fileURLToPath(new URL(extension === "ts" ? ".." : "../..", import.meta.url));

/**
 * Writes the Lambda functions' code, AWS SDK included, for nodejs22.x and later, and answers what went into it. Replaces
 * what was there.
 */
export async function bundleLambdas(
  outputFolder: string = join(PACKAGE_FOLDER, "bin", "lambda"),
): Promise<Readonly<Record<BundleName, Metafile>>> {
  const bundle = (name: BundleName): Promise<Metafile> => {
    const entryPoint = fileURLToPath(new URL(`../runtime/lambda/${name}.${extension}`, import.meta.url));
    return bundleModule(entryPoint, join(outputFolder, name));
  };
  const [planner, worker, campaign, relay] = await Promise.all([
    bundle("planner"),
    bundle("worker"),
    bundle("campaign"),
    bundle("relay"),
  ]);
  return { planner, worker, campaign, relay };
}

/**
 * Bundles a module into `<outdir>/index.mjs`. What it loads by `import()` lies in files of its own beside it, which a cold
 * start does not read.
 */
export async function bundleModule(entryPoint: string, outdir: string): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { index: entryPoint },
    outdir,
    absWorkingDir: PACKAGE_FOLDER,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node22",
    // The packages' ECMAScript builds, of which what nobody uses can be left out.
    mainFields: ["module", "main"],
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}
