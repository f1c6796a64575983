import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { DEPLOYMENTS, NODE_CLAIMS, NODE_POOLS } from "../../runtime/cycle/index.js";
import { PODS } from "../../runtime/cycle/resource-types.js";
import { neededPermissions } from "../../runtime/doctor/iam-actions.js";
import { settingsSchema } from "../../runtime/cycle/settings.js";
import { packagePath } from "../lab/package-path.js";
import { doctorFixture, told } from "./fixture.js";

describe("the check of IAM", () => {
  it("blocks on a denied action and names what it was to be done to", async () => {
    const { cluster, check } = doctorFixture();
    cluster.prospects.denyActions("eks:UpdateNodegroupConfig");
    const { status, findings } = await check("iam");
    assert.equal(status, "blocked");
    assert.deepEqual(findings, [
      {
        status: "blocked",
        what: "IAM denies eks:UpdateNodegroupConfig on managed/general.",
        remedy: "Allow eks:UpdateNodegroupConfig in the policy of the role that Curfew assumes.",
      },
    ]);
  });

  it("only warns of what hangs on a condition", async () => {
    const { cluster, check } = doctorFixture();
    cluster.prospects.leaveUndecided("autoscaling:UpdateAutoScalingGroup");
    assert.match(told(await check("iam"))[0] ?? "", /^warning: Whether IAM allows autoscaling:.*asg\/batch/);
  });

  it("asks only for what this cluster and its settings need", async () => {
    const { cluster } = doctorFixture();
    const groups = await cluster.capacity.listGroups();
    const asked = (text: object, hasAutoMode: boolean, of = groups) =>
      neededPermissions(of, settingsSchema.parse(text), hasAutoMode).map(({ action }) => action);
    assert.ok(asked({}, false).includes("autoscaling:SuspendProcesses"));
    assert.ok(!asked({ scaling: { suspendProcesses: false } }, false).includes("autoscaling:SuspendProcesses"));
    assert.ok(asked({}, true).includes("eks:UpdateClusterConfig"));
    assert.ok(!asked({}, false).includes("eks:UpdateClusterConfig"));
    assert.ok(!asked({}, false, groups.slice(1)).includes("autoscaling:UpdateAutoScalingGroup"));
  });
});

describe("the IAM actions that are asked about", () => {
  /** What the doctor or an import alone calls, and what is proven by having got so far. */
  const OTHERS = [
    ...["ec2:DescribeLaunchTemplateVersions", "ec2:DescribeSubnets", "eks:DescribeAddon", "eks:ListAddons"],
    ...["ec2:DescribeInstanceTypes", "autoscaling:DescribeInstanceRefreshes", "servicequotas:GetServiceQuota"],
    ...["iam:SimulatePrincipalPolicy", "sts:AssumeRole", "sts:GetCallerIdentity", "eks:ListClusters"],
  ];

  it("are all that the AWS adapter calls for a run", async () => {
    const { cluster } = doctorFixture();
    const groups = await cluster.capacity.listGroups();
    const asked = neededPermissions(groups, settingsSchema.parse({}), true).map(({ action }) => action);
    assert.deepEqual([...new Set([...asked, ...OTHERS])].sort(), await actionsOfTheAdapter());
  });
});

/** Every `service:Action` that stands in the adapter's sources, but for the ceiling of a role's sessions, which names more. */
async function actionsOfTheAdapter(): Promise<readonly string[]> {
  const folder = packagePath("runtime/adapters/aws");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts") && name !== "session-policy.ts");
  const sources = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const named = sources.flatMap(
    (source) => source.match(/(?<=["`])(eks|ec2|autoscaling|servicequotas|iam|sts):[A-Z]\w+(?=["`])/g) ?? [],
  );
  // Spelt in two parts there.
  const processes = ["autoscaling:ResumeProcesses", "autoscaling:SuspendProcesses"];
  return [...new Set([...named, ...processes])].sort();
}

describe("the check of RBAC", () => {
  it("blocks on a right without which nothing can be drained", async () => {
    const { cluster, check } = doctorFixture();
    cluster.objects.forbid(PODS, ["delete"]);
    const { status, findings } = await check("rbac");
    assert.equal(status, "blocked");
    assert.equal(findings[0]?.what, "Curfew cannot drain: it may not delete pods.");
  });

  it("warns of rights that only a measure needs, in one finding for each", async () => {
    const { cluster, check } = doctorFixture();
    cluster.objects.forbid(DEPLOYMENTS, ["patch"]);
    assert.deepEqual(told(await check("rbac")), [
      "warning: The measure autoscaler is skipped: Curfew may not patch deployments.apps.",
    ]);
  });

  it("does not ask for measures that are off, nor for scaling owners unless that is the policy", async () => {
    const { cluster, check } = doctorFixture();
    cluster.objects.forbid(DEPLOYMENTS, ["patch"]);
    cluster.objects.forbid({ ...DEPLOYMENTS, plural: "deployments/scale" }, ["patch"]);
    assert.equal((await check("rbac", { measures: { autoscaler: "off" } })).status, "ok");
    const scaling = { measures: { autoscaler: "off" }, drain: { policy: "scale-owners" } } as const;
    assert.match(
      told(await check("rbac", scaling))[0] ?? "",
      /^blocked: The policy scale-owners cannot be carried out/,
    );
  });

  it("asks only for reading what a measure only reports", async () => {
    const { cluster, check } = doctorFixture();
    cluster.objects.forbid(DEPLOYMENTS, ["patch"]);
    assert.equal((await check("rbac", { measures: { autoscaler: "report" } })).status, "ok");
  });

  it("asks about custom resources only where they are installed", async () => {
    const { cluster, check } = doctorFixture();
    cluster.objects.forbid(NODE_CLAIMS, ["delete"]);
    assert.equal((await check("rbac")).status, "ok");
    cluster.objects.serve(NODE_POOLS);
    assert.match(
      told(await check("rbac"))[0] ?? "",
      /^warning: The measure karpenter .*delete nodeclaims\.karpenter\.sh/,
    );
  });
});
