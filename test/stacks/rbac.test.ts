import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

import { packagePath } from "../lab/package-path.js";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Every right of a file in stacks/rbac as `group/resource:verb`. */
async function rightsIn(file: string): Promise<ReadonlySet<string>> {
  const [role] = parseAllDocuments(await readFile(packagePath("stacks/rbac", file), "utf8"));
  const { rules } = role?.toJS() as { readonly rules: readonly Rule[] };
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource}:${verb}`)),
      ),
    ),
  );
}

describe("the ClusterRoles to apply", () => {
  it("give the full cycle everything that draining has", async () => {
    const [drainOnly, fullCycle] = [await rightsIn("drain-only.yaml"), await rightsIn("full-cycle.yaml")];
    assert.deepEqual(
      [...drainOnly].filter((right) => !fullCycle.has(right)),
      [],
    );
    assert.ok(drainOnly.has("/pods/eviction:create"));
  });

  it("never reach for everything, for secrets or for webhooks' existence", async () => {
    const rights = [...(await rightsIn("full-cycle.yaml"))];
    const tooMuch = /\*|secrets|impersonate|escalate|bind$|webhookconfigurations:(create|delete)/;
    assert.deepEqual(
      rights.filter((right) => tooMuch.test(right)),
      [],
    );
  });
});
