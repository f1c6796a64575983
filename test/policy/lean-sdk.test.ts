import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { packagePath } from "../lab/package-path.js";

const run = promisify(execFile);

const LEAN = import.meta.resolve("../../policy/lean-sdk.js");

/** Starts Pulumi's SDK in a process of its own, has it do something, and tells the result and which packages were loaded. */
async function startSdk(
  work: string,
  nodeArguments: readonly string[],
): Promise<{ readonly result: unknown; readonly loaded: readonly string[] }> {
  const program = `
    const pulumi = require("@pulumi/pulumi");
    (async () => ({ result: await (${work}), loaded: Object.keys(require.cache) }))().then(
      (told) => process.stdout.write(JSON.stringify(told)),
    );`;
  const { stdout } = await run(process.execPath, [...nodeArguments, "--eval", program], { cwd: packagePath() });
  const { result, loaded } = JSON.parse(stdout) as { readonly result: unknown; readonly loaded: readonly string[] };
  const spared = ["@npmcli/arborist", "typescript"].filter((name) =>
    loaded.some((path) => path.startsWith(packagePath("node_modules", ...name.split("/")))),
  );
  return { result, loaded: spared };
}

const NOTHING = "undefined";
const ADD = "pulumi.runtime.serializeFunction(() => (one) => one + 1)";
const CAPTURES_A_MODULE = "(() => { const semver = require('semver'); return () => semver.major('1.2.3'); })()";

describe("Pulumi's SDK", () => {
  it("loads a package manager and a compiler at each start", async () => {
    assert.deepEqual((await startSdk(NOTHING, [])).loaded, ["@npmcli/arborist", "typescript"]);
  });

  it("starts without them when it is spared them, by one import or by several", async () => {
    assert.deepEqual((await startSdk(NOTHING, ["--import", LEAN])).loaded, []);
    assert.deepEqual((await startSdk(NOTHING, ["--import", LEAN, "--import", `${LEAN}?again`])).loaded, []);
  });

  it("loads the compiler once it takes a closure apart, with the same result", async () => {
    const whole = await startSdk(ADD, []);
    const lean = await startSdk(ADD, ["--import", LEAN]);

    assert.deepEqual(lean.result, whole.result);
    assert.deepEqual(lean.loaded, ["typescript"]);
  });

  it("loads the package manager once it has to find what a closure needs, with the same result", async () => {
    const work = `(async () => {
      const { text } = await pulumi.runtime.serializeFunction(${CAPTURES_A_MODULE});
      const paths = await pulumi.runtime.computeCodePaths();
      return { text, paths: [...paths.keys()].toSorted() };
    })()`;
    const whole = await startSdk(work, []);
    const lean = await startSdk(work, ["--import", LEAN]);

    assert.deepEqual(lean.result, whole.result);
    assert.deepEqual(lean.loaded, ["@npmcli/arborist", "typescript"]);
  });
});
