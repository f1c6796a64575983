import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { refused, type Attempt } from "./fault.js";
import { isThere } from "./is-there.js";

/** The policies that everything is held to. */
export interface PolicyPack {
  /** Absolute. */
  readonly folder: string;
  /** `named` on the command line, the `project`'s own, or the one that comes with `curfew`. */
  readonly origin: "named" | "project" | "curfew";
}

/** Where a pack may lie. Absolute paths. */
export interface PackPlaces {
  /** The one of the command line, which goes before all others. */
  readonly named: string | undefined;
  readonly project: string;
  /** The one that comes with this package. */
  readonly own: string;
}

/** Where a project keeps its policies unless told otherwise. */
const DEFAULT_PACK = "policy";

/** What makes a folder a pack. */
const PACK_FILE = "PulumiPolicy.yaml";

/** The SDK's own program by which the CLI starts a pack. */
const STARTER = "@pulumi/pulumi/cmd/run-policy-pack";

/** Beside this package's sources, wherever it is installed; compiled code lies one folder deeper. */
const OWN_PACK = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../policy" : "../../../policy", import.meta.url),
);

/** Which pack to use. A folder of the project's that only bears the name is somebody else's. Pure. */
export function choosePolicyPack({ named, project, own }: PackPlaces, isProjectPack: boolean): PolicyPack {
  if (named !== undefined) return { folder: named, origin: "named" };
  return isProjectPack ? { folder: project, origin: "project" } : { folder: own, origin: "curfew" };
}

/**
 * The pack to hold everything to: there always is one. One that cannot start is refused here, because CLI 3.220 waits for
 * ever for one whose folder does not see Pulumi's SDK. `own` stands in for this package's pack.
 */
export async function findPolicyPack(
  named: string | undefined,
  { cwd, project, own = OWN_PACK }: { readonly cwd: string; readonly project: string; readonly own?: string },
): Promise<Attempt<PolicyPack>> {
  const places = {
    named: named === undefined ? named : resolve(cwd, named),
    project: join(project, DEFAULT_PACK),
    own,
  };
  const pack = choosePolicyPack(places, await isThere(join(places.project, PACK_FILE)));
  if (!(await isThere(join(pack.folder, PACK_FILE)))) return unusable(pack, `it has no ${PACK_FILE}`);
  try {
    createRequire(join(pack.folder, PACK_FILE)).resolve(STARTER);
    return { ok: true, value: pack };
  } catch {
    return unusable(pack, "@pulumi/pulumi is not installed where it lies");
  }
}

function unusable({ folder }: PolicyPack, why: string) {
  return refused(
    "policy-pack-unusable",
    `The policy pack ${folder} cannot start, because ${why}; without it nothing is changed.`,
    "Build it, install its packages, or name another with --policy-pack.",
  );
}
