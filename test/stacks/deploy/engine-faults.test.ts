import assert from "node:assert/strict";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { isDeadHere } from "../../../stacks/deploy/dead-process.js";
import { createEventRecorder, type EngineRecord } from "../../../stacks/deploy/engine-events.js";
import { faultInText, lockHoldersIn } from "../../../stacks/deploy/engine-faults.js";
import { faultOfFailure, faultOfUnseen } from "../../../stacks/deploy/failure-reason.js";

const LOCKED =
  "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
  "  file:///b/.pulumi/locks/organization/curfew/dev/a290.json?no_tmp_dir=true: created by root@vm (pid 3657) at 2026-11-21T19:50:23Z";

const NOTHING: EngineRecord = {
  changes: [],
  renamed: 0,
  failures: [],
  violations: [],
  advice: [],
  drift: [],
  unseen: [],
};

describe("what the CLI says when it fails", () => {
  // As CLI 3.220 prints them.
  const sayings: Readonly<Record<string, string>> = {
    [LOCKED]: "stack-locked",
    "error: [409] Conflict: Another update is currently in progress.": "stack-locked",
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase": "passphrase-wrong",
    "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables":
      "passphrase-wrong",
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions": "not-logged-in",
    "error: unable to open bucket file:///none?no_tmp_dir=true: stat /none: no such file or directory":
      "backend-unreachable",
    'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): RequestError: send request failed':
      "backend-unreachable",
    'error: performing HTTP request: Get "http://127.0.0.1:9/api/user": dial tcp 127.0.0.1:9: connect: connection refused':
      "backend-unreachable",
    'error: policy pack "/p" failed to start: could not read plugin [/x/pulumi-analyzer-policy]: exit status 32':
      "policy-pack-unusable",
    'error: failed to load Pulumi policy project located at "/p": open /p/PulumiPolicy.yaml: no such file or directory':
      "policy-pack-unusable",
    "error: resource urn:pulumi:dev::curfew::t::default violates plan: properties changed: +~x": "plan-outdated",
    'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: GetObject, https response error StatusCode: 400, api error ExpiredToken: The provided token has expired.':
      "credentials-expired",
    "error: get credentials: failed to refresh cached credentials, refresh cached SSO token failed":
      "credentials-expired",
  };
  for (const [text, code] of Object.entries(sayings)) {
    it(`is ${code}: ${text.slice(0, 60)}`, () => assert.equal(faultInText(text)?.code, code));
  }

  it("names the run that holds the stack", () => {
    assert.match(faultInText(LOCKED)!.message, /process 3657 of root on vm since 2026-11-21T19:50:23Z/);
  });

  it("is nothing special for an error of the program", () => {
    assert.equal(faultInText("error: Running program failed: TypeError: x is not a function"), undefined);
  });
});

describe("the reason of a failed operation", () => {
  const failed = new Error("code: -2\n stderr: Command failed with exit code 255: pulumi up\nerror: update failed");

  it("is the policies' refusal before anything else", () => {
    const fault = faultOfFailure(failed, { ...NOTHING, violations: ["pay: untouchable: no"] });
    assert.equal(fault.code, "policy-violated");
    assert.match(fault.message, /pay: untouchable: no/);
  });

  it("says that credentials ran out half-way, and for which cluster", () => {
    const failures = [{ cluster: "1/r/pay", message: "[credentials-expired] The token is expired. Log in again." }];
    const fault = faultOfFailure(failed, { ...NOTHING, failures });
    assert.equal(fault.code, "credentials-expired");
    assert.match(fault.message, /1\/r\/pay: \[credentials-expired\]/);
  });

  it("says so too of a part of the hub, and of a hub's table that clusters are registered in", () => {
    const words =
      "operation error Lambda: CreateFunction, api error ExpiredTokenException: The security token is expired";
    const part = faultOfFailure(failed, { ...NOTHING, failures: [{ cluster: null, message: words }] });
    assert.equal(part.code, "credentials-expired");
    assert.match(part.message, /CreateFunction/);
    const stored = "[store-unavailable] The table curfew-fleet in eu-west-1 failed (ExpiredTokenException): expired.";
    const failures = [{ cluster: "1/r/pay", message: stored }];
    assert.equal(faultOfFailure(failed, { ...NOTHING, failures }).code, "credentials-expired");
  });

  it("is that a cluster could not be looked at, and there is none when all could", () => {
    const unseen = [{ cluster: "1/r/pay", message: "not looked at: [role-refused] AWS refuses." }];
    const fault = faultOfUnseen(unseen);
    assert.deepEqual(
      [fault?.code, fault?.message],
      ["clusters-failed", "1/r/pay: not looked at: [role-refused] AWS refuses."],
    );
    assert.equal(faultOfUnseen([]), undefined);
  });

  it("keeps the words of clusters that failed by themselves", () => {
    const failures = [{ cluster: "1/r/pay", message: "[drain-blocked] A budget allows no eviction." }];
    assert.equal(faultOfFailure(failed, { ...NOTHING, failures }).code, "clusters-failed");
  });

  it("sees that the CLI itself was killed", () => {
    const killed = new Error("Command was killed with SIGKILL (Forced termination): pulumi up --yes");
    assert.equal(faultOfFailure(killed, NOTHING).code, "engine-died");
  });

  it("is what the program said when it is nothing else", () => {
    const failures = [{ cluster: null, message: "The stack's config is refused" }];
    const fault = faultOfFailure(failed, { ...NOTHING, failures });
    assert.deepEqual([fault.code, fault.message], ["stack-failed", "The stack's config is refused"]);
  });
});

describe("a lock", () => {
  const [holder] = lockHoldersIn(LOCKED);
  const gone = () => {
    throw Object.assign(new Error("gone"), { code: "ESRCH" });
  };
  const forbidden = () => {
    throw Object.assign(new Error("not yours"), { code: "EPERM" });
  };

  it("is a dead process's only when it ran here and runs no more", () => {
    assert.equal(isDeadHere(holder!, { host: "vm", signal: gone }), true);
    assert.equal(isDeadHere(holder!, { host: "vm", signal: () => true }), false);
    assert.equal(isDeadHere(holder!, { host: "vm", signal: forbidden }), false);
    assert.equal(isDeadHere(holder!, { host: "elsewhere", signal: gone }), false);
  });
});

describe("the engine's events", () => {
  const step = (op: string, urn: string, oldUrn?: string): EngineEvent => {
    const inputs = { account: "1", region: "r", cluster: "pay" };
    const metadata = {
      ...{ op, urn, type: "pulumi-nodejs:dynamic/curfew:ClusterSchedule", new: { inputs } },
      ...(oldUrn !== undefined && { old: { urn: oldUrn, inputs } }),
    };
    return { sequence: 1, timestamp: 0, resourcePreEvent: { metadata } } as unknown as EngineEvent;
  };
  const record = (events: readonly EngineEvent[]): EngineRecord => {
    const recorder = createEventRecorder({ line: () => undefined, changed: () => undefined });
    for (const event of events) recorder.take(event);
    return recorder.record();
  };

  it("are one change for a replacement's three steps", () => {
    const { changes } = record(["create-replacement", "replace", "delete-replaced"].map((op) => step(op, "urn:a")));
    assert.deepEqual(changes, [{ kind: "replace", urn: "urn:a", cluster: "1/r/pay" }]);
  });

  it("tell people nothing that is for debugging", () => {
    const told: string[] = [];
    const recorder = createEventRecorder({ line: (text) => void told.push(text), changed: () => undefined });
    for (const severity of ["debug", "info"])
      recorder.take({ diagnosticEvent: { severity, message: `it is ${severity}` } } as unknown as EngineEvent);
    assert.deepEqual(told, ["it is info"]);
  });

  it("tell which clusters a refresh could not look at, with the reason alone", () => {
    const line = "1/r/pay: refresh: not looked at, the old values stay. [throttled] AWS throttles. Run again.";
    const message = (text: string) =>
      ({ diagnosticEvent: { severity: "info", message: text } }) as unknown as EngineEvent;
    const { unseen, drift } = record([message(line), message(line)]);
    assert.deepEqual(unseen, [{ cluster: "1/r/pay", message: "not looked at: [throttled] AWS throttles. Run again." }]);
    assert.deepEqual(drift, []);
  });

  it("tell of a resource that only gets another name", () => {
    const { changes, renamed } = record([step("same", "urn:long", "urn:short"), step("same", "urn:b", "urn:b")]);
    assert.deepEqual([changes.length, renamed], [0, 1]);
  });
});
