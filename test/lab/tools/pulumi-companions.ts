import { chmod, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packagePath } from "../package-path.js";

const POLICY_ANALYZER = `#!/bin/sh
script=$(node -p "require.resolve('@pulumi/pulumi/cmd/run-policy-pack')") || exit 1
exec node "$script" "$@"
`;

/**
 * Puts beside a compiled Pulumi CLI the two programs that are not compiled: the host of dynamic providers,
 * which ships in the npm package, and the script that runs policy packs.
 */
export async function addPulumiCompanions(into: string): Promise<void> {
  const host = join(into, "bin", "pulumi-resource-pulumi-nodejs");
  await copyFile(packagePath("node_modules/@pulumi/pulumi/pulumi-resource-pulumi-nodejs"), host);
  await chmod(host, 0o755);
  const analyzer = join(into, "bin", "pulumi-analyzer-policy");
  await writeFile(analyzer, POLICY_ANALYZER, { mode: 0o755 });
}
