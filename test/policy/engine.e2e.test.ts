import assert from "node:assert/strict";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { bundleLambdas } from "../../stacks/bundle.js";
import { startHubLab, type HubLab } from "../lab/hub/hub-lab.js";
import { packagePath } from "../lab/package-path.js";
import { createPulumiWorkspace, type PulumiResult, type PulumiWorkspace } from "../lab/pulumi/index.js";

/** Relative to the project, as people write it. */
const PACK = "policy";

const SCHEDULES = `config:
  curfew:schedules:
    office: { timezone: Europe/Berlin, awake: ["Mon-Fri 07:00-19:00"] }
`;
const cluster = (name: string, more = ""): string =>
  `    - { name: ${name}, account: "111111111111", region: eu-west-1, schedule: office, converge: false, tags: { team: a }${more} }\n`;
const stack = (...clusters: readonly string[]): string => `${SCHEDULES}  curfew:clusters:\n${clusters.join("")}`;
const APPROVED = `  curfew:approvals:
    - { cluster: pay-prod, owner: kim, reason: nobody pays at night, until: "2099-12-31" }
`;

/** What the CLI shows of the pack, without its indentation. */
function verdict({ output }: PulumiResult): string {
  const [, shown = ""] = output.split("\nPolicies:\n");
  const [policies = ""] = shown.split("\n\n");
  return policies.replace(/^ +/gm, "");
}

describe("policy, by the real engine", function () {
  this.timeout(600_000);
  let workspace: PulumiWorkspace;

  before(async () => {
    workspace = await createPulumiWorkspace({ environment: { CURFEW_CONNECTOR: "memory" } });
  });
  after(() => workspace.remove());

  async function preview(config: string, policyConfig?: object): Promise<PulumiResult> {
    await workspace.writeConfig(config);
    const file = join(workspace.folder, "policy.json");
    if (policyConfig !== undefined) await writeFile(file, JSON.stringify(policyConfig));
    const given = policyConfig === undefined ? [] : ["--policy-pack-config", file];
    return workspace.preview(["--policy-pack", PACK, ...given]);
  }

  it("refuses in the preview what a rule forbids, and says why and what to do", async () => {
    const refused = await preview(stack(cluster("pay-prod"), cluster("ads")));
    assert.notEqual(refused.exitCode, 0);
    assert.equal(
      verdict(refused),
      [
        "❌ curfew@v0.1.0 (local: policy)",
        "- [mandatory]  production-approval  (pulumi-nodejs:dynamic/curfew:ClusterSchedule: pay-prod)",
        "A production cluster sleeps only with an approval that says who answers for it, why, and until when.",
        "111111111111/eu-west-1/pay-prod is production (its name fits *-prod), and no approval names it.",
        'Declare one: curfew:approvals: [{ cluster, owner, reason, until: "2027-03-31" }]. (README.md#guard-rails)',
      ].join("\n"),
    );
  });

  it("lets a good stack pass", async () => {
    const passed = await preview(stack(cluster("pay-prod"), cluster("ads")) + APPROVED);
    assert.equal(passed.exitCode, 0, passed.output);
    assert.equal(verdict(passed), "✅ curfew@v0.1.0 (local: policy)");
  });

  it("takes exclusions from policy config, and refuses config of another shape", async () => {
    const exclusions = [{ cluster: "a?s", reason: "theirs" }];
    const refused = await preview(stack(cluster("ads")), { exclusions: { exclusions } });
    assert.notEqual(refused.exitCode, 0);
    assert.match(
      refused.output,
      /The ClusterSchedule of 111111111111\/eu-west-1\/ads touches a cluster that the policy's config excludes: theirs\./,
    );
    const wrong = await preview(stack(cluster("ads")), { owner: { keys: "team" } });
    assert.notEqual(wrong.exitCode, 0);
    assert.match(wrong.output, /keys: Invalid type. Expected: array, given: string/);
  });

  it("finds a catalogue whose path is relative to the project, and fails without it", async () => {
    const catalogue = join(workspace.folder, "catalogue.json");
    // The program leaves out what its own config excludes, so what passes shows that the file was read.
    await writeFile(catalogue, JSON.stringify({ exclusions: [{ cluster: "*-critical", reason: "runs the pager" }] }));
    const named = (path: string) => `${stack(cluster("ads"))}  curfew:catalogue: ${path}\n`;
    const found = await preview(named(relative(packagePath(), catalogue)));
    assert.equal(found.exitCode, 0, found.output);
    assert.notEqual((await preview(named("nowhere.json"))).exitCode, 0);
  });

  it("compares with what the stack held before", async () => {
    const deployed = [cluster("pay"), cluster("ads", ", onDelete: leave"), cluster("web")];
    await workspace.writeConfig(stack(...deployed));
    const up = await workspace.up(["--policy-pack", PACK]);
    assert.equal(up.exitCode, 0, up.output);
    const unchanged = await preview(stack(...deployed), { "blast-radius": { alwaysClusters: 0, mostPercent: 0 } });
    assert.equal(unchanged.exitCode, 0, unchanged.output);

    const edited = stack(cluster("pay", ", settings: { pollSeconds: 7 }"), cluster("web"));
    const refused = await preview(edited, { "blast-radius": { alwaysClusters: 1 } });
    assert.notEqual(refused.exitCode, 0);
    const said = verdict(refused);
    assert.match(said, /^2 of 3 clusters are changed \(1 of them go\), and one run may change 1\.$/m);
    assert.match(said, /^111111111111\/eu-west-1\/ads goes with onDelete: leave, and was last seen unknown\.$/m);
  });

  it("stops everything when the pack cannot be loaded", async () => {
    const broken = join(workspace.folder, "broken");
    await mkdir(broken);
    await symlink(packagePath("node_modules"), join(workspace.folder, "node_modules"));
    for (const file of ["PulumiPolicy.yaml", "package.json"])
      await copyFile(packagePath(PACK, file), join(broken, file));
    const { exitCode, output } = await workspace.preview(["--policy-pack", broken]);
    assert.notEqual(exitCode, 0);
    // Its package.json leads to compiled code that is not there.
    assert.match(output, /error: policy pack "\S+broken" failed to start/);
    assert.doesNotMatch(output, /ClusterSchedule/);
  });
});

describe("policy, on Curfew's own hub by the real engine", function () {
  this.timeout(600_000);
  let workspace: PulumiWorkspace;

  before(async () => {
    await bundleLambdas();
    workspace = await createPulumiWorkspace({
      // A preview calls no API: so no cloud is needed.
      environment: { CURFEW_CONNECTOR: "memory", AWS_REGION: "eu-west-1", CURFEW_STATE: undefined },
      programs: [packagePath("test", "lab", "aws-plugin")],
    });
  });
  after(() => workspace.remove());

  async function previewHub(hub: string, policyConfig: object = {}): Promise<PulumiResult> {
    await workspace.writeConfig(`config:\n  aws:region: eu-west-1\n  curfew:hub: ${hub}\n`);
    const file = join(workspace.folder, "policy.json");
    await writeFile(file, JSON.stringify(policyConfig));
    return workspace.preview(["--policy-pack", PACK, "--policy-pack-config", file]);
  }

  it("lets it pass, and adds tags", async () => {
    const passed = await previewHub("{ region: eu-west-1 }");
    assert.equal(passed.exitCode, 0, passed.output);
    assert.match(
      verdict(passed),
      /^✅ curfew@v0\.1\.0 \(local: policy\)\n- \[remediate\] {2}tags {2}\(\d+ resources\)$/,
    );
  });

  it("sees the whole hub before anything of it exists", async () => {
    const strict = { "queue-visibility": { factor: 7 }, encryption: { customerKey: true } };
    const refused = await previewHub("{ region: eu-west-1, shards: 1, deletionProtection: false }", strict);
    assert.notEqual(refused.exitCode, 0);
    const said = verdict(refused);
    assert.match(said, /^The table curfew-fleet has no deletion protection\.$/m);
    assert.match(said, /^The table curfew-fleet has no key of the customer's own\.$/m);
  });

  it("puts queues and their functions together by what depends on what", async () => {
    const refused = await previewHub("{ region: eu-west-1, shards: 1 }", { "queue-visibility": { factor: 7 } });
    assert.match(
      verdict(refused),
      /^Messages of curfew-work-0 are shown again after 720 s, and curfew-worker-0 may take so long that 840 s are needed\.$/m,
    );
  });
});

describe("policy, while Curfew's own hub is made", function () {
  this.timeout(600_000);
  let hub: HubLab;

  before(async () => {
    hub = await startHubLab({ clusters: [], region: "eu-west-1" });
  });
  after(() => hub[Symbol.asyncDispose]());

  it("lets pass what a preview cannot know: the roles' policies, and whom they trust", async () => {
    await hub.stack.writeConfig("config:\n  curfew:hub: { region: eu-west-1, shards: 1, deletionProtection: false }\n");
    const policyConfig = join(hub.stack.folder, "policy.json");
    await writeFile(policyConfig, JSON.stringify({ "table-safety": { deletionProtection: false } }));
    const args = ["--policy-pack", PACK, "--policy-pack-config", policyConfig];
    const made = await hub.stack.up(args);
    assert.equal(made.exitCode, 0, made.output);
    // What the policies added does not come and go.
    const again = await hub.stack.preview([...args, "--expect-no-changes"]);
    assert.equal(again.exitCode, 0, again.output);
    assert.equal((await hub.stack.destroy()).exitCode, 0);
  });
});
