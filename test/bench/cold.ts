import { bundleContents } from "./cold/bundle-contents.js";
import { buildBundles, type BuiltBundles, type WeighedBundle } from "./cold/bundles.js";
import { compareImports, type ImportCost } from "./cold/import-cost.js";

const ROUNDS = 15;

interface BundleFigures {
  /** Import time: the bundle's over the bare clients'. */
  readonly ratio: number;
  readonly bundle: ImportCost;
  readonly bareClients: ImportCost;
  /** What a cold start reads, and all that is uploaded. */
  readonly startBytes: number;
  readonly bytes: number;
}

/** What the `cold` benchmark found. */
export type ColdFigures = Readonly<Record<WeighedBundle, BundleFigures>>;

/**
 * Imports each function's bundle, and one of nothing but the SDK clients that it cannot do without, in fresh processes in
 * turns. Both are bundled alike, so that the difference is what Curfew adds.
 */
export async function runColdBench(): Promise<ColdFigures> {
  await using bundles = await buildBundles();
  return {
    planner: await measure("planner", bundles),
    worker: await measure("worker", bundles),
    campaign: await measure("campaign", bundles),
  };
}

async function measure(name: WeighedBundle, bundles: BuiltBundles): Promise<BundleFigures> {
  const modules = { bundle: bundles.path(name), bareClients: bundles.barePath(name) };
  const { bundle, bareClients } = await compareImports(modules, ROUNDS);
  const { startBytes, bytes } = bundleContents(bundles.metafiles[name]);
  console.error(`${name}: ${bundle.ms} ms, bare clients ${bareClients.ms} ms`);
  return { ratio: Math.round((bundle.ms / bareClients.ms) * 100) / 100, bundle, bareClients, startBytes, bytes };
}
