import type { Metafile } from "esbuild";

/** What is in a bundle. Sizes in bytes. */
export interface BundleContents {
  /** All files of the bundle: what is uploaded. */
  readonly bytes: number;
  /** The module that Lambda loads and what it imports at once: what a cold start reads. */
  readonly startBytes: number;
  /** Every source file that a cold start evaluates; paths from the package's folder. */
  readonly startSources: readonly string[];
  /** Every source file of the bundle. */
  readonly sources: readonly string[];
}

export function bundleContents({ inputs, outputs }: Metafile): BundleContents {
  const paths = Object.keys(outputs);
  const started = startFiles(
    outputs,
    paths.filter((path) => path.endsWith("/index.mjs")),
  );
  const bytesOf = (files: Iterable<string>): number =>
    [...files].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
  return {
    bytes: bytesOf(paths),
    startBytes: bytesOf(started),
    startSources: [...started].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})),
    sources: Object.keys(inputs),
  };
}

/** Files that are imported by statements, directly or not; an `import()` waits until somebody calls it. */
function startFiles(outputs: Metafile["outputs"], entries: readonly string[]): ReadonlySet<string> {
  const started = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const output = outputs[path];
    if (started.has(path) || output === undefined) continue;
    started.add(path);
    waiting.push(...output.imports.flatMap((each) => (each.kind === "import-statement" ? [each.path] : [])));
  }
  return started;
}
