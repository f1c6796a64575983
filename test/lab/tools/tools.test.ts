import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installOnce, toolFolder } from "./cache.js";
import { CATALOGUE } from "./catalogue.js";
import { expectedChecksum } from "./download.js";
import { resolveTool } from "./resolve.js";

const DIGEST = "0123456789abcdef".repeat(4);

describe("the tools of the lab", () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "lab-tools-"))));
  afterEach(() => rm(folder, { recursive: true }));

  const program = async (path: string, says: string): Promise<string> => {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
    await chmod(path, 0o755);
    return path;
  };
  const env = (more: Record<string, string>) => ({ CURFEW_LAB_CACHE: join(folder, "cache"), PATH: "", ...more });
  const inCache = (): Promise<string> => program(join(toolFolder(CATALOGUE.etcd, env({})), "bin", "etcd"), "cached");

  it("come from where the environment says before anything else", async () => {
    await inCache();
    const given = await program(join(folder, "given"), "any version");
    assert.equal(await resolveTool("etcd", { env: env({ CURFEW_LAB_ETCD: given }) }), given);
    const missing = env({ CURFEW_LAB_ETCD: join(folder, "missing") });
    await assert.rejects(resolveTool("etcd", { env: missing }), /CURFEW_LAB_ETCD names .*missing/);
  });

  it("come from PATH at the wanted version only", async () => {
    const path = await program(join(folder, "bin", "etcd"), "etcd Version: 3.6.10");
    assert.equal(await resolveTool("etcd", { env: env({ PATH: join(folder, "bin") }) }), path);
    const cached = await inCache();
    await program(path, "etcd Version: 3.6.1");
    assert.equal(await resolveTool("etcd", { env: env({ PATH: join(folder, "bin") }) }), cached);
  });

  it("are installed whole or not at all", async () => {
    const target = join(folder, "cache", "tool");
    const broken = installOnce(target, async (into) => {
      await writeFile(join(into, "half"), "");
      throw new Error("compiler failed");
    });
    await assert.rejects(broken, /compiler failed/);
    assert.deepEqual(await readdir(join(folder, "cache")), []);
  });

  it("are installed once, however many ask at once", async () => {
    const target = join(folder, "cache", "tool");
    let fills = 0;
    const fill = async (into: string): Promise<void> => {
      fills += 1;
      await writeFile(join(into, "program"), "whole");
    };
    await Promise.all([1, 2, 3].map(() => installOnce(target, fill)));
    assert.equal(fills, 1);
    assert.equal(await readFile(join(target, "program"), "utf8"), "whole");
    assert.deepEqual(await readdir(join(folder, "cache")), ["tool"]);
  });

  it("do not wait for the lock of a process that is dead", async () => {
    const target = join(folder, "cache", "tool");
    await mkdir(join(folder, "cache"));
    // Beyond the highest process id of any system.
    await writeFile(`${target}.lock`, "99999999");
    await installOnce(target, (into) => writeFile(join(into, "program"), "whole"));
    assert.deepEqual(await readdir(target), ["program"]);
  });

  it("are checked against a vendor's checksum file, bare or with many lines", () => {
    assert.equal(expectedChecksum(`${DIGEST}\n`, "etcd.tar.gz"), DIGEST);
    const many = `${"f".repeat(64)}  other.tar.gz\n${DIGEST}  etcd.tar.gz\n`;
    assert.equal(expectedChecksum(many, "etcd.tar.gz"), DIGEST);
    assert.equal(expectedChecksum(many, "missing.tar.gz"), undefined);
    assert.equal(expectedChecksum("<html>not found</html>", "etcd.tar.gz"), undefined);
  });
});
