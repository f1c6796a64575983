import { createRequire } from "node:module";
import { join, resolve } from "node:path";

import { refused, type Attempt } from "./fault.js";
import { isThere } from "./is-there.js";

/** Where a project keeps its policies unless told otherwise. */
const DEFAULT_PACK = "policy";

/** The SDK's own program by which the CLI starts a pack. */
const STARTER = "@pulumi/pulumi/cmd/run-policy-pack";

/**
 * The pack to hold everything to, as an absolute path: the named one, else the project's `policy` folder; undefined for a
 * project that has none. A pack that cannot start is refused here, because CLI 3.220 waits for ever for one whose folder
 * does not see Pulumi's SDK.
 */
export async function findPolicyPack(
  named: string | undefined,
  { cwd, project }: { readonly cwd: string; readonly project: string },
): Promise<Attempt<string | undefined>> {
  const pack = named === undefined ? join(project, DEFAULT_PACK) : resolve(cwd, named);
  if (!(await isThere(join(pack, "PulumiPolicy.yaml")))) {
    if (named === undefined && !(await isThere(pack))) return { ok: true, value: undefined };
    return unusable(pack, "it has no PulumiPolicy.yaml");
  }
  try {
    createRequire(join(pack, "PulumiPolicy.yaml")).resolve(STARTER);
    return { ok: true, value: pack };
  } catch {
    return unusable(pack, "@pulumi/pulumi is not installed where it lies");
  }
}

function unusable(pack: string, why: string) {
  return refused(
    "policy-pack-unusable",
    `The policy pack ${pack} cannot start, because ${why}; without it nothing is changed.`,
    "Build it, install its packages, or name another with --policy-pack.",
  );
}
