import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

import { CYCLE_RIGHTS, DRAIN_RIGHTS, type Right } from "../../runtime/doctor/rights.js";
import { packagePath } from "../lab/package-path.js";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Every right of a file in stacks/rbac as `verb resource.group`. */
async function grantedBy(file: string): Promise<readonly string[]> {
  const [role] = parseAllDocuments(await readFile(packagePath("stacks/rbac", file), "utf8"));
  const { rules } = role?.toJS() as { readonly rules: readonly Rule[] };
  const granted = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`))),
  );
  return [...new Set(granted)].sort();
}

function namesOf(rights: readonly Right[]): readonly string[] {
  return rights.flatMap(({ verbs, resource, group }) => verbs.map((verb) => `${verb} ${resource}.${group}`)).sort();
}

describe("the rights that the doctor asks about", () => {
  it("are exactly those of the drain-only role", async () => {
    assert.deepEqual(namesOf(DRAIN_RIGHTS), await grantedBy("drain-only.yaml"));
  });

  it("are with the others exactly those of the full-cycle role", async () => {
    assert.deepEqual(namesOf([...DRAIN_RIGHTS, ...CYCLE_RIGHTS]), await grantedBy("full-cycle.yaml"));
  });
});
