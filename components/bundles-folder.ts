import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Compiled, this file lies in `bin/components` beside `bin/lambda`; as source, in `components` beside `bin`. */
const FOLDER = new URL(import.meta.url.endsWith(".ts") ? "../bin/lambda" : "../lambda", import.meta.url);

/**
 * Where this package has its Lambda functions, wherever it is installed: relative to the project's folder, in which programs
 * run, because Pulumi keeps the path in the state, and a path of this computer has no place there.
 */
export function bundlesFolder(): string {
  return relative(process.cwd(), fileURLToPath(FOLDER));
}
