import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** What it takes a fresh process to import a module. */
export interface ImportCost {
  readonly ms: number;
  /** Resident memory that came with it. */
  readonly rssMb: number;
}

const PROGRAM = `
  const rss = process.memoryUsage.rss();
  const startedAt = performance.now();
  await import(process.argv[1]);
  const ms = performance.now() - startedAt;
  console.log(JSON.stringify({ ms, rssMb: (process.memoryUsage.rss() - rss) / 2 ** 20 }));
  process.exit();
`;

/** Imports `path` in a process of its own, which gets nothing of this one's environment. */
async function importCost(path: string): Promise<ImportCost> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", PROGRAM, pathToFileURL(path).href],
    { env: { AWS_REGION: "eu-west-1" } },
  ).catch((error: unknown) => {
    // Node shows the line that failed, which in a minified module is half a megabyte.
    throw new Error(`${path} cannot be imported: ${String(error).slice(-1_000)}`);
  });
  return JSON.parse(stdout) as ImportCost;
}

/** The medians of `rounds`, the modules in turns: a computer that is busy for a while is busy for all of them. */
export async function compareImports<Name extends string>(
  modules: Readonly<Record<Name, string>>,
  rounds: number,
): Promise<Readonly<Record<Name, ImportCost>>> {
  const names = Object.keys(modules) as Name[];
  const costs = new Map<Name, ImportCost[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) costs.get(name)?.push(await importCost(modules[name]));
  }
  return Object.fromEntries(
    names.map((name) => {
      const taken = costs.get(name) ?? [];
      return [name, { ms: median(taken.map(({ ms }) => ms)), rssMb: median(taken.map(({ rssMb }) => rssMb)) }];
    }),
  ) as Record<Name, ImportCost>;
}

function median(values: readonly number[]): number {
  return Math.round((values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN) * 10) / 10;
}
