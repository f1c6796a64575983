import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

import { packagePath } from "../lab/package-path.js";

const RUNNER = packagePath("node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack", "index.js");

/** Starts the compiled pack as the engine does, and waits until it serves. */
async function startPack(): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const pack = spawn(process.execPath, [RUNNER, "127.0.0.1:1", "."], {
    cwd: packagePath("policy"),
    env: { PATH: process.env["PATH"] ?? "", PULUMI_PROJECT: "curfew", PULUMI_STACK: "lab" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [port] = (await once(pack.stdout, "data")) as [Buffer];
  assert.match(String(port), /^\d+\n$/);
  return pack;
}

describe("policy, a pack whose engine has died", function () {
  this.timeout(60_000);

  it("ends by itself, as nobody asks it any more", async () => {
    const pack = await startPack();
    try {
      pack.stdout.destroy();
      pack.stderr.destroy();
      // One that does not notice lives for ever, and the test runs into its time.
      await once(pack, "exit");
    } finally {
      pack.kill("SIGKILL");
    }
  });
});
