import { CATALOGUE, type ToolName } from "./catalogue.js";
import { resolveTool } from "./resolve.js";

// Run once before the suites, so that no test waits minutes for a compiler.
for (const name of Object.keys(CATALOGUE) as ToolName[]) {
  const path = await resolveTool(name, { progress: (line) => console.error(line) });
  console.log(`${name} ${CATALOGUE[name].version} ${path}`);
}
