import assert from "node:assert/strict";

import { CreateAddonCommand, EKSClient } from "@aws-sdk/client-eks";

import { queryIam } from "../../runtime/adapters/aws/query-iam.js";
import { openRuntime } from "../../runtime/compose.js";
import { settingsSchema, type SettingsInput } from "../../runtime/cycle/index.js";
import { examineCluster, type Check, type CheckName } from "../../runtime/doctor/index.js";
import { clusterId } from "../../runtime/ports/index.js";
import { applyRbac, type CurfewRights } from "../lab/cluster/rbac.js";
import type { LabCluster } from "../lab/index.js";
import { deployment, disruptionBudget, untilBudgetObserved, untilReady } from "../lab/workload.js";
import { changingAwsCalls, changingKubernetesCalls, podsOf, sizesOf } from "./look.js";
import { openStage, type Stage } from "./stage.js";

const WEB = { namespace: "default", name: "web" } as const;

/** What the role may do: the README's policy, without the condition that the emulator's simulation does not know. */
const POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["eks:Describe*", "eks:List*", "eks:UpdateNodegroupConfig"],
      Resource: ["arn:aws:eks:*:111111111111:cluster/*", "arn:aws:eks:*:111111111111:nodegroup/*"],
    },
    { Effect: "Allow", Action: ["autoscaling:Describe*", "ec2:Describe*"], Resource: "*" },
  ],
};

/** Statuses by check, those that are ok left out. */
type Ailments = Readonly<Partial<Record<CheckName, string>>>;

describe("curfew doctor on a real cluster", function () {
  this.timeout(90_000);
  let stage: Stage;
  let pay: LabCluster;
  let old: LabCluster;

  before(async () => {
    stage = await openStage({
      countCalls: true,
      clusters: [
        {
          name: "pay",
          account: "111111111111",
          region: "us-east-1",
          groups: [{ name: "general", kind: "managed", min: 1, desired: 2, max: 4 }],
        },
        {
          name: "old",
          account: "222222222222",
          region: "us-east-1",
          groups: [{ name: "batch", kind: "self-managed", min: 0, desired: 1, max: 2 }],
        },
      ],
    });
    [pay, old] = [stage.lab.cluster("pay"), stage.lab.cluster("old")];
    await pay.admin.apps.createNamespacedDeployment({
      namespace: WEB.namespace,
      body: deployment(WEB, 2, { graceSeconds: 1 }),
    });
    await untilReady(pay.admin, WEB, 2);
    const credentials = { accessKeyId: pay.account, secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "" };
    await queryIam(pay.region, () => Promise.resolve(credentials), {
      Action: "PutRolePolicy",
      RoleName: "curfew-spoke",
      PolicyName: "curfew",
      PolicyDocument: JSON.stringify(POLICY),
    });
    const eks = new EKSClient({ region: pay.region, credentials });
    await eks.send(new CreateAddonCommand({ clusterName: pay.name, addonName: "coredns" }));
    eks.destroy();
  });
  after(() => stage[Symbol.asyncDispose]());

  afterEach(async () => {
    stage.lab.aws.clearFaults();
    const { policy, admission } = pay.admin;
    await policy.deleteCollectionNamespacedPodDisruptionBudget({ namespace: WEB.namespace });
    await admission.deleteCollectionValidatingWebhookConfiguration({});
    await bindRole(pay, "full-cycle");
  });

  async function examine(
    { account, region, name, roleArn }: LabCluster,
    settings: SettingsInput = {},
  ): Promise<{ readonly ailments: Ailments; readonly text: (name: CheckName) => string }> {
    const identity = { account, region, name };
    const progress = { emit: () => undefined };
    const statePath = stage.freshStatePath();
    const { ports, close } = await openRuntime({ environment: {}, statePath, operationId: "doctor", progress });
    try {
      const target = {
        id: clusterId(identity),
        identity,
        access: { roleArn },
        settings: settingsSchema.parse(settings),
      };
      const { checks } = await examineCluster({ ...target, exclusion: null, exclusionsByTag: [] }, ports);
      return { ailments: ailmentsOf(checks), text: (check) => textOf(checks.find((one) => one.check === check)) };
    } finally {
      await close();
    }
  }

  it("finds a healthy cluster healthy, and changes nothing", async () => {
    stage.lab.aws.resetCalls();
    const podsBefore = await podIds(pay);
    const { ailments, text } = await examine(pay);
    // The lab's groups name zones and no subnets, and its AWS has no Service Quotas.
    assert.deepEqual(ailments, { addresses: "unknown", quotas: "unknown" });
    assert.match(text("rbac"), /RBAC grants all \d+ rights/);
    assert.match(text("iam"), /IAM allows all 7 calls/);
    assert.match(text("add-ons"), /1 add-on\(s\) of EKS are ACTIVE/);
    assert.match(text("pods"), /2 pod\(s\) are to leave/);
    await assertUntouched(podsBefore);
  });

  it("finds a budget's dead end by a dry run, which evicts nobody", async () => {
    const { policy } = pay.admin;
    const body = disruptionBudget(WEB, WEB.name, { minAvailable: 2 });
    await policy.createNamespacedPodDisruptionBudget({ namespace: WEB.namespace, body });
    await untilBudgetObserved(pay.admin, WEB, 2);
    const podsBefore = await podIds(pay);
    const { ailments, text } = await examine(pay);
    assert.equal(ailments.budgets, "blocked");
    assert.match(text("budgets"), /default\/web \(needs 2 healthy, has 2\) never lets go/);
    assert.equal((await examine(pay, { drain: { policy: "scale-owners" } })).ailments.budgets, "warning");
    await assertUntouched(podsBefore);
  });

  it("finds a webhook that nobody answers for", async () => {
    const { admission } = pay.admin;
    const name = "guard";
    const webhook = {
      name: "pods.guard.test",
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      clientConfig: { service: { namespace: "default", name: "nobody" } },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
    };
    await admission.createValidatingWebhookConfiguration({ body: { metadata: { name }, webhooks: [webhook] } });
    const relaxed = await examine(pay);
    assert.equal(relaxed.ailments.webhooks, "warning");
    assert.match(relaxed.text("webhooks"), /Nobody answers for .*guard\/pods\.guard\.test now: default\/nobody/);
    assert.equal((await examine(pay, { measures: { webhooks: "report" } })).ailments.webhooks, "blocked");
    const { webhooks } = await admission.readValidatingWebhookConfiguration({ name });
    assert.equal(webhooks?.[0]?.failurePolicy, "Fail");
  });

  it("says what the drain-only role leaves out, and that it drains all the same", async () => {
    await bindRole(pay, "drain-only");
    const { ailments, text } = await examine(pay);
    assert.equal(ailments.rbac, "warning");
    assert.match(
      text("rbac"),
      /The measure webhooks is skipped: Curfew may not .*patch validatingwebhookconfigurations/,
    );
    assert.doesNotMatch(text("rbac"), /cannot drain/);
    assert.equal(ailments.webhooks, "unknown");
    assert.deepEqual([ailments.pods, ailments.budgets], [undefined, undefined]);
    await pay.admin.rbac.deleteClusterRole({ name: "curfew" });
    const without = await examine(pay);
    assert.equal(without.ailments.access, "blocked");
  });

  it("finds what an account lacks: permissions and launch templates", async () => {
    const { ailments, text } = await examine(old);
    assert.deepEqual([ailments.iam, ailments["launch-templates"]], ["blocked", "blocked"]);
    assert.match(text("iam"), /IAM denies autoscaling:UpdateAutoScalingGroup on asg\/batch/);
    assert.match(text("launch-templates"), /asg\/batch .*lt-0{17}:1, which does not exist/);
  });

  it("leaves unknown what AWS does not answer, and tells the rest", async () => {
    for (const [service, action] of [
      ["iam", "SimulatePrincipalPolicy"],
      ["eks", "ListAddons"],
    ] as const)
      stage.lab.aws.inject({ service, action, times: 9, kind: "unavailable" });
    const { ailments } = await examine(pay);
    assert.deepEqual(ailments, {
      addresses: "unknown",
      quotas: "unknown",
      iam: "unknown",
      "add-ons": "unknown",
    });
  });

  async function assertUntouched(podsBefore: readonly string[]): Promise<void> {
    assert.deepEqual(await podIds(pay), podsBefore);
    assert.deepEqual(await sizesOf(pay, ["general"]), { general: [1, 2, 4] });
    assert.deepEqual(
      [...new Set(changingAwsCalls(stage.lab).map(({ action }) => action))],
      ["SimulatePrincipalPolicy"],
    );
    const questions = ["pods/eviction", "selfsubjectaccessreviews"];
    const changes = (await changingKubernetesCalls(pay)).filter(({ resource }) => !questions.includes(resource));
    assert.deepEqual(changes, []);
  }
});

function ailmentsOf(checks: readonly Check[]): Ailments {
  return Object.fromEntries(checks.filter(({ status }) => status !== "ok").map(({ check, status }) => [check, status]));
}

function textOf(check: Check | undefined): string {
  return (check?.findings ?? []).map(({ what }) => what).join("\n");
}

async function podIds(cluster: LabCluster): Promise<readonly string[]> {
  const pods = await podsOf(cluster, WEB.namespace);
  return pods.map(({ metadata }) => `${metadata?.uid} ${String(metadata?.deletionTimestamp)}`).sort();
}

/** Binds one of the roles in stacks/rbac in place of whatever is bound. */
async function bindRole({ admin }: LabCluster, rights: CurfewRights): Promise<void> {
  const named = { name: "curfew" };
  await admin.rbac.deleteClusterRole(named).catch(() => undefined);
  await admin.rbac.deleteClusterRoleBinding(named).catch(() => undefined);
  await applyRbac(admin, rights);
}
