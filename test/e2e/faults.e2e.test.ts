import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { CreateAccessEntryCommand, EKSClient } from "@aws-sdk/client-eks";

import { clusterId, failureInfo, type FailureCode } from "../../runtime/ports/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import type { Fault, LabCluster } from "../lab/index.js";
import { freePorts } from "../lab/process/free-ports.js";
import { deployment, untilReady } from "../lab/workload.js";
import { changingAwsCalls, changingKubernetesCalls, cordonedNodes, nodeNames, sizesOf } from "./look.js";
import { runOnce, withStore, type RunOptions } from "./runner.js";
import { openStage, type Stage } from "./stage.js";

const AWAKE = { general: [1, 2, 4], batch: [0, 1, 2] };
const WEB = { namespace: "default", name: "web" } as const;

/** What a fault must come to. */
interface Expected {
  readonly code: FailureCode;
  readonly result: RunReport["result"];
  /** What the sentence that says what to do must contain. */
  readonly remedy: RegExp;
}

describe("a fault that a person can cause", function () {
  this.timeout(60_000);
  let stage: Stage;
  let pay: LabCluster;
  let statePath: string;

  before(async () => {
    stage = await openStage({
      countCalls: true,
      clusters: [
        {
          name: "pay",
          account: "111111111111",
          region: "us-east-1",
          tags: { tier: "critical" },
          groups: [
            { name: "general", kind: "managed", min: 1, desired: 2, max: 4 },
            { name: "batch", kind: "self-managed", min: 0, desired: 1, max: 2 },
          ],
        },
      ],
    });
    pay = stage.lab.cluster("pay");
    const body = deployment(WEB, 3, { graceSeconds: 1 });
    await pay.admin.apps.createNamespacedDeployment({ namespace: WEB.namespace, body });
    await untilReady(pay.admin, WEB, 3);
  });
  after(() => stage[Symbol.asyncDispose]());

  beforeEach(() => {
    statePath = stage.freshStatePath();
    stage.lab.aws.resetCalls();
  });
  afterEach(() => stage.lab.aws.clearFaults());

  /** Tries to put the cluster to sleep; the attempt must end as expected, with the cluster untouched. */
  async function assertHarmless(expected: Expected, options: RunOptions = {}): Promise<RunReport> {
    const changesBefore = await changingKubernetesCalls(pay);
    const report = await runOnce(pay, statePath, "hibernated", options);
    assertEnd(report, expected);
    assert.deepEqual(changingAwsCalls(stage.lab), []);
    assert.deepEqual(await changingKubernetesCalls(pay), changesBefore);
    await assertAsBefore();
    return report;
  }

  async function assertAsBefore(): Promise<void> {
    assert.deepEqual(await sizesOf(pay, ["general", "batch"]), AWAKE);
    assert.equal((await nodeNames(pay)).length, 3);
    assert.deepEqual(await cordonedNodes(pay), []);
    await untilReady(pay.admin, WEB, 3);
  }

  describe("in AWS credentials", () => {
    it("a role that does not exist: role-refused", async () => {
      const access = { roleArn: "arn:aws:iam::111111111111:role/no-such-role" };
      const expected = { code: "role-refused", result: "failed", remedy: /trust policy/ } as const;
      const report = await assertHarmless(expected, { target: { access } });
      assert.match(report.failure?.message ?? "", /no-such-role/);
    });

    it("expired: credentials-expired", async () => {
      const expired = { kind: "error", code: "ExpiredTokenException", status: 403 } as const;
      stage.lab.aws.inject({ service: "sts", action: "AssumeRole", ...expired });
      await assertHarmless({ code: "credentials-expired", result: "failed", remedy: /aws sso login/ });
    });

    it("none: credentials-missing", async () => {
      await withoutEnvironment(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], () =>
        assertHarmless({ code: "credentials-missing", result: "failed", remedy: /AWS_PROFILE/ }),
      );
    });
  });

  describe("in EKS", () => {
    it("no such cluster: cluster-not-found", async () => {
      const identity = { account: pay.account, region: pay.region, name: "no-such-cluster" };
      const target = { identity, id: clusterId(identity) };
      await assertHarmless(
        { code: "cluster-not-found", result: "failed", remedy: /name, account or Region/ },
        { target },
      );
    });

    it("a cluster that is being deleted: cluster-not-active", async () => {
      await withPatch({ status: "DELETING" }, { status: "ACTIVE" }, () =>
        assertHarmless({ code: "cluster-not-active", result: "blocked", remedy: /Wait until EKS reports ACTIVE/ }),
      );
    });

    it("identities from the ConfigMap only: config-map-only", async () => {
      const accessConfig = (authenticationMode: string) => ({ accessConfig: { authenticationMode } });
      await withPatch(accessConfig("CONFIG_MAP"), accessConfig("API_AND_CONFIG_MAP"), () =>
        assertHarmless({ code: "config-map-only", result: "blocked", remedy: /aws eks update-cluster-config/ }),
      );
    });

    it("no access entry: access-entry-missing", async () => {
      await pay.removeAccessEntry();
      const expected = {
        code: "access-entry-missing",
        result: "failed",
        remedy: /aws eks create-access-entry/,
      } as const;
      const report = await assertHarmless(expected);
      assert.match(report.failure?.remedy ?? "", new RegExp(pay.roleArn));
      await addAccessEntry();
    });

    it("an endpoint behind which nobody listens: endpoint-unreachable", async () => {
      const [deadPort] = await freePorts(1);
      await withPatch({ endpoint: `https://127.0.0.1:${deadPort}` }, { endpoint: pay.endpoint }, () =>
        assertHarmless({ code: "endpoint-unreachable", result: "failed", remedy: /private.*VPC/ }),
      );
    });

    it("throttled for good: throttled", async () => {
      stage.lab.aws.inject({ service: "eks", kind: "throttle" });
      await assertHarmless({ code: "throttled", result: "failed", remedy: /few minutes/ });
    });
  });

  describe("in what is declared", () => {
    it("excluded by name: cluster-excluded, without any call", async () => {
      const target = { exclusion: { reason: "runs the pager" } };
      const expected = {
        code: "cluster-excluded",
        result: "blocked",
        remedy: /Excluded clusters are never touched/,
      } as const;
      const report = await assertHarmless(expected, { target });
      assert.match(report.failure?.message ?? "", /runs the pager\.$/);
      assert.deepEqual(stage.lab.aws.calls(), []);
    });

    it("excluded by a tag that the real cluster carries: cluster-excluded", async () => {
      const target = { exclusionsByTag: [{ tags: { tier: "critical" }, reason: "critical tier" }] };
      await assertHarmless({ code: "cluster-excluded", result: "blocked", remedy: /exclusion/ }, { target });
    });
  });

  describe("in the state store", () => {
    it("another operation holds the lease: lease-held", async () => {
      const now = Date.now();
      await withStore(statePath, (store) =>
        store.acquireLease({ clusterId: clusterId(pay), operationId: "somebody", now, expiresAt: now + 60_000 }),
      );
      const report = await assertHarmless({ code: "lease-held", result: "blocked", remedy: /curfew status/ });
      assert.match(report.failure?.message ?? "", /somebody/);
      assert.deepEqual(stage.lab.aws.calls(), []);
    });

    it("a path that cannot be made: store-unavailable", async () => {
      writeFileSync(statePath, "a file, not a folder");
      await assertStoreRefused(join(statePath, "state.db"));
    });

    it("a file of something else: store-unavailable", async () => {
      writeFileSync(statePath, "not a database".repeat(1000));
      await assertStoreRefused(statePath);
    });

    async function assertStoreRefused(path: string): Promise<void> {
      const refused = await runOnce(pay, path, "hibernated").then(() => null, failureInfo);
      assert.equal(refused?.code, "store-unavailable");
      assert.match(refused.message, new RegExp(statePath));
      assert.match(refused.remedy, /CURFEW_STATE/);
      assert.deepEqual(stage.lab.aws.calls(), []);
    }

    it("locked by another program when the sizes are to be saved: store-unavailable", async () => {
      await withStore(statePath, () => Promise.resolve());
      const other = new DatabaseSync(statePath);
      const decorate: RunOptions["decorate"] = (ports) => ({
        ...ports,
        store: {
          ...ports.store,
          openCycle: (lease, cycle) => {
            other.exec("BEGIN EXCLUSIVE");
            return ports.store.openCycle(lease, cycle).finally(() => other.exec("ROLLBACK"));
          },
        },
      });
      await assertHarmless({ code: "store-unavailable", result: "failed", remedy: /locked/ }, { decorate });
      other.close();
    });
  });

  describe("in the cluster's RBAC", () => {
    it("no right to list nodes: rbac-denied", async () => {
      await withoutRights("nodes", () =>
        assertHarmless({ code: "rbac-denied", result: "failed", remedy: /"list" on "nodes"/ }),
      );
    });

    it("no right to evict: rbac-denied, and what was cordoned is uncordoned", async () => {
      await withoutRights("pods/eviction", async () => {
        const report = await runOnce(pay, statePath, "hibernated");
        assertEnd(report, { code: "rbac-denied", result: "failed", remedy: /create pods\/eviction/ });
        // Rebalancing was held still for the drain, and given back; no size was touched.
        const actions = changingAwsCalls(stage.lab).map(({ action }) => action);
        assert.deepEqual(actions, ["SuspendProcesses", "ResumeProcesses"]);
        await assertAsBefore();
      });
    });
  });

  describe("found out only when a group is to be resized", () => {
    const actions = ["UpdateNodegroupConfig", "UpdateAutoScalingGroup"] as const;

    for (const [title, code, fault] of [
      ["a role without the right", "permission-denied", { kind: "error", code: "AccessDeniedException", status: 403 }],
      [
        "credentials that ran out meanwhile",
        "credentials-expired",
        { kind: "error", code: "ExpiredTokenException", status: 403 },
      ],
    ] as const satisfies readonly (readonly [string, FailureCode, Fault])[]) {
      it(`${title}: ${code}, and what was cordoned is uncordoned`, async () => {
        for (const action of actions) stage.lab.aws.inject({ action, ...fault });
        const report = await runOnce(pay, statePath, "hibernated");
        assertEnd(report, { code, result: "failed", remedy: /./ });
        assert.equal(report.reached, "running");
        await assertAsBefore();
      });
    }
  });

  it("refused for one group only: partial, with the other asleep; the next run goes on with what was saved", async () => {
    const fault = { kind: "error", code: "AccessDeniedException", status: 403 } as const;
    stage.lab.aws.inject({ action: "UpdateNodegroupConfig", ...fault });
    const partial = await runOnce(pay, statePath, "hibernated");
    assertEnd(partial, { code: "permission-denied", result: "partial", remedy: /Allow eks:UpdateNodegroupConfig/ });
    assert.deepEqual(await sizesOf(pay, ["general", "batch"]), { ...AWAKE, batch: [0, 0, 2] });
    stage.lab.aws.clearFaults();
    const asleep = await runOnce(pay, statePath, "hibernated");
    assert.equal(asleep.result, "completed", asleep.summary);
    assert.deepEqual(await nodeNames(pay), []);
    const woken = await runOnce(pay, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    await assertAsBefore();
  });

  describe("while the cluster sleeps", () => {
    it("a snapshot that cannot be read: snapshot-unreadable; the way out that it names works", async () => {
      const asleep = await runOnce(pay, statePath, "hibernated");
      assert.equal(asleep.result, "completed", asleep.summary);
      corruptSnapshot(statePath);
      stage.lab.aws.resetCalls();
      for (const desired of ["running", "hibernated"] as const) {
        const report = await runOnce(pay, statePath, desired);
        assertEnd(report, { code: "snapshot-unreadable", result: "blocked", remedy: /--min-nodes N --forget/ });
      }
      assert.deepEqual(changingAwsCalls(stage.lab), []);
      const woken = await runOnce(pay, statePath, "running", { minNodes: 1, forget: true });
      assert.equal(woken.result, "completed", woken.summary);
      assert.deepEqual(await sizesOf(pay, ["general", "batch"]), { general: [0, 1, 4], batch: [0, 1, 2] });
    });
  });

  async function withPatch(fields: object, back: object, act: () => Promise<unknown>): Promise<void> {
    await pay.patchCluster({ ...fields });
    try {
      await act();
    } finally {
      await pay.patchCluster({ ...back });
    }
  }

  async function addAccessEntry(): Promise<void> {
    const credentials = {
      accessKeyId: pay.account,
      secretAccessKey: stage.lab.environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    };
    const eks = new EKSClient({ region: pay.region, endpoint: stage.lab.aws.endpointUrl, credentials });
    const entry = { clusterName: pay.name, principalArn: pay.roleArn, kubernetesGroups: ["curfew"] };
    await eks.send(new CreateAccessEntryCommand(entry));
    eks.destroy();
  }

  /** Acts while Curfew's role lacks every right on one resource. */
  async function withoutRights(resource: string, act: () => Promise<unknown>): Promise<void> {
    const { rbac } = pay.admin;
    const name = "curfew";
    const { rules = [] } = await rbac.readClusterRole({ name });
    const fewer = rules.filter(({ resources }) => !resources?.includes(resource));
    await rbac.replaceClusterRole({ name, body: { metadata: { name }, rules: fewer } });
    try {
      await act();
    } finally {
      await rbac.replaceClusterRole({ name, body: { metadata: { name }, rules } });
    }
  }
});

function assertEnd(report: RunReport, { code, result, remedy }: Expected): void {
  assert.equal(report.failure?.code, code, report.summary);
  assert.equal(report.result, result, report.summary);
  assert.match(report.failure.remedy, remedy);
  assert.ok(report.summary.includes(report.failure.message) && report.summary.endsWith(report.failure.remedy));
}

function corruptSnapshot(statePath: string): void {
  const database = new DatabaseSync(statePath);
  database.exec("UPDATE clusters SET snapshot = substr(snapshot, 1, 40)");
  database.close();
}

async function withoutEnvironment(names: readonly string[], act: () => Promise<unknown>): Promise<void> {
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) Reflect.deleteProperty(process.env, name);
  try {
    await act();
  } finally {
    for (const [name, value] of before) if (value !== undefined) process.env[name] = value;
  }
}
