import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";

import { bundleLambdas, bundleModule, type BundleName } from "../../../stacks/bundle.js";

/** The hub's bundles, each beside one of nothing but the SDK clients that it needs. */
export interface BuiltBundles extends AsyncDisposable {
  readonly metafiles: Readonly<Record<BundleName, Metafile>>;
  /** Path of the module that Lambda loads. */
  readonly path: (name: BundleName) => string;
  readonly barePath: (name: BundleName) => string;
}

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Bundles everything into a folder of its own. */
export async function buildBundles(): Promise<BuiltBundles> {
  const folder = await mkdtemp(join(tmpdir(), "curfew-bundles-"));
  const bareFolder = (name: BundleName) => join(folder, `${name}-clients`);
  const bundleBare = (name: BundleName) =>
    bundleModule(fileURLToPath(new URL(`./${name}-clients.${extension}`, import.meta.url)), bareFolder(name));
  const [metafiles] = await Promise.all([bundleLambdas(folder), bundleBare("planner"), bundleBare("worker")]);
  return {
    metafiles,
    path: (name) => join(folder, name, "index.mjs"),
    barePath: (name) => join(bareFolder(name), "index.mjs"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
