import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { choosePolicyPack, findPolicyPack, type PolicyPack } from "../../../stacks/deploy/policy-pack.js";
import { packagePath } from "../../lab/package-path.js";

describe("the policy pack that an environment is held to", () => {
  const CASES: readonly {
    readonly what: string;
    readonly named?: string;
    readonly isProjectPack: boolean;
    readonly pack: PolicyPack;
  }[] = [
    { what: "is the named one", named: "/n", isProjectPack: false, pack: { folder: "/n", origin: "named" } },
    {
      what: "is the named one before all others",
      named: "/n",
      isProjectPack: true,
      pack: { folder: "/n", origin: "named" },
    },
    { what: "is the project's own", isProjectPack: true, pack: { folder: "/p/policy", origin: "project" } },
    {
      what: "is else the one that comes with Curfew",
      isProjectPack: false,
      pack: { folder: "/c/policy", origin: "curfew" },
    },
  ];
  for (const { what, named, isProjectPack, pack } of CASES)
    it(what, () => {
      assert.deepEqual(choosePolicyPack({ named, project: "/p/policy", own: "/c/policy" }, isProjectPack), pack);
    });

  describe("on disk", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "curfew-packs-"));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    const find = (named?: string, own?: string) =>
      findPolicyPack(named, { cwd: folder, project: folder, ...(own !== undefined && { own }) });
    const codeOf = (found: Awaited<ReturnType<typeof find>>) => (found.ok ? found.value.folder : found.fault.code);
    const writePack = async (...path: readonly string[]) => {
      await mkdir(join(folder, ...path), { recursive: true });
      await writeFile(join(folder, ...path, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    };

    it("is this package's, wherever the project lies, and although a folder of the name holds something else", async () => {
      const own = { ok: true, value: { folder: packagePath("policy"), origin: "curfew" } };
      assert.deepEqual(await find(), own);
      await mkdir(join(folder, "policy"));
      assert.deepEqual(await find(), own);
    });

    it("is refused when it cannot see Pulumi, the project's own too: another does not take its place", async () => {
      await writePack("policy");
      assert.equal(codeOf(await find()), "policy-pack-unusable");
      await writePack("strict");
      assert.equal(codeOf(await find("strict")), "policy-pack-unusable");
    });

    it("is refused when it is not there: neither a named one nor this package's is done without", async () => {
      assert.equal(codeOf(await find("nowhere")), "policy-pack-unusable");
      assert.equal(codeOf(await find(undefined, join(folder, "left-out"))), "policy-pack-unusable");
    });

    it("is named relative to where the command is run", async () => {
      await writePack("strict");
      await mkdir(join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack"), { recursive: true });
      await writeFile(join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack", "index.js"), "");
      assert.equal(codeOf(await find("strict")), join(folder, "strict"));
    });
  });
});
