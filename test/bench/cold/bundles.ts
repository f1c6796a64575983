import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";

import { bundleLambdas, bundleModule, type BundleName } from "../../../stacks/bundle.js";

/** A function of those whose start is weighed against that of its SDK clients alone. */
export type WeighedBundle = Extract<BundleName, "planner" | "worker" | "campaign">;

/** All functions' bundles, the weighed ones beside one of nothing but the SDK clients that it needs. */
export interface BuiltBundles extends AsyncDisposable {
  readonly metafiles: Readonly<Record<BundleName, Metafile>>;
  /** Path of the module that Lambda loads. */
  readonly path: (name: BundleName) => string;
  readonly barePath: (name: WeighedBundle) => string;
}

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Bundles everything into a folder of its own. */
export async function buildBundles(): Promise<BuiltBundles> {
  const folder = await mkdtemp(join(tmpdir(), "curfew-bundles-"));
  const bareFolder = (name: WeighedBundle) => join(folder, `${name}-clients`);
  const bundleBare = (name: WeighedBundle) =>
    bundleModule(fileURLToPath(new URL(`./${name}-clients.${extension}`, import.meta.url)), bareFolder(name));
  const bare = (["planner", "worker", "campaign"] as const).map(bundleBare);
  const [metafiles] = await Promise.all([bundleLambdas(folder), ...bare]);
  return {
    metafiles,
    path: (name) => join(folder, name, "index.mjs"),
    barePath: (name) => join(bareFolder(name), "index.mjs"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
