import assert from "node:assert/strict";

import { clusterSchedule } from "./declared.js";
import { createTestPack, UNKNOWN_TEXT, type TestPackOptions, type TestResource } from "./test-pack.js";

const PAGER = { cluster: "*-critical", reason: "runs the pager" };
const fromStack = (...exclusions: readonly object[]): TestPackOptions => ({
  stackConfig: { "curfew:exclusions": exclusions },
});
const fromPolicy = (...exclusions: readonly object[]): TestPackOptions => ({
  config: { exclusions: { exclusions }, "excluded-eks-clusters": { exclusions } },
});

const said = async (options: TestPackOptions, resource: TestResource): Promise<readonly string[]> =>
  (await createTestPack(options).analyze(resource))
    .filter(({ rule }) => rule === "exclusions")
    .map(({ message }) => message.split("\n")[1] ?? "");

const accessEntry = (props: object, provider?: object): TestResource => ({
  type: "aws:eks/accessEntry:AccessEntry",
  name: "entry",
  parents: ["curfew:index:ClusterAccess"],
  props,
  ...(provider && { provider }),
});

const rolePolicy = (...resources: readonly string[]): TestResource => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "sleeper",
  parents: [],
  props: {
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["eks:UpdateNodegroupConfig"], Resource: resources }],
    }),
  },
});

describe("policy, exclusions", () => {
  describe("of a ClusterSchedule", () => {
    // The program of the stack leaves excluded clusters out: somebody else's program may not.
    const CRITICAL = clusterSchedule({ name: "pay-critical" });

    it("holds what the stack's config excludes", async () => {
      const [violation, ...others] = await createTestPack(fromStack(PAGER)).analyze(CRITICAL);
      assert.deepEqual(others, []);
      assert.deepEqual(violation, {
        rule: "exclusions",
        level: "mandatory",
        message:
          "No ClusterSchedule, role or access entry may touch an excluded cluster.\n" +
          "The ClusterSchedule of 111111111111/eu-west-1/pay-critical touches a cluster that the stack's config excludes: runs the pager.\n" +
          "Take the resource out of the stack, or the cluster out of the exclusions. (README.md#guard-rails)",
      });
      assert.deepEqual(await said(fromStack(PAGER), clusterSchedule()), []);
    });

    it("holds what the policy's config excludes, by name, account, Region or tag", async () => {
      for (const exclusion of [
        { cluster: "p?y" },
        { account: "111111111111" },
        { region: "eu-west-1" },
        { tags: { team: "payments" } },
      ]) {
        const options = fromPolicy({ ...exclusion, reason: "not theirs" });
        assert.deepEqual(await said(options, clusterSchedule()), [
          "The ClusterSchedule of 111111111111/eu-west-1/pay touches a cluster that the policy's config excludes: not theirs.",
        ]);
      }
    });

    it("wants all that a rule names", async () => {
      const both = fromPolicy({ cluster: "pay", account: "222222222222", reason: "no" });
      assert.deepEqual(await said(both, clusterSchedule()), []);
    });

    it("holds what a catalogue excludes", async () => {
      const options = {
        stackConfig: { "curfew:catalogue": "fleet.json" },
        files: { "fleet.json": JSON.stringify({ exclusions: [PAGER] }) },
      };
      assert.equal((await said(options, CRITICAL)).length, 1);
    });

    it("fails when the stack's exclusions cannot be read", async () => {
      assert.deepEqual(await said({ stackConfig: { "curfew:catalogue": "gone.json" } }, clusterSchedule()), [
        'The stack\'s own exclusions cannot be read: curfew:catalogue names a file that cannot be read: "gone.json".',
      ]);
      assert.deepEqual(await said(fromStack({ cluster: "a" }), clusterSchedule()), [
        "The stack's own exclusions cannot be read: curfew:exclusions[0].reason is required: why these clusters must stay awake, in words.",
      ]);
    });

    it("fails when the declaration cannot be read or is not known yet", async () => {
      const declaring = (declaration: unknown) => ({ ...CRITICAL, props: { ...CRITICAL.props, declaration } });
      const of = async (declaration: unknown) => (await said({}, declaring(declaration)))[0];
      const head = "Whether pay-critical is excluded cannot be told, for its declaration cannot be read:";
      assert.equal(await of(UNKNOWN_TEXT), `${head} it is not known before the stack is up.`);
      assert.equal(await of(7), `${head} it is missing.`);
      assert.equal(await of("{}"), `${head} it is not what Curfew writes.`);
      assert.equal(
        await of(JSON.stringify({ version: 1, id: "1/2/3" })),
        `${head} schedule is required: the cluster is not excluded.`,
      );
    });

    it("knows a Kubernetes version by the tag that declares it, and fails without the tag", async () => {
      const old = { kubernetesVersion: "1.2?", reason: "too old to wake" };
      const tagged = (version: string) => clusterSchedule({ tags: { team: "a", "kubernetes-version": version } });
      assert.deepEqual(await said(fromPolicy(old), tagged("1.29")), [
        "The ClusterSchedule of 111111111111/eu-west-1/pay touches a cluster that the policy's config excludes: too old to wake.",
      ]);
      assert.deepEqual(await said(fromPolicy(old), tagged("1.33")), []);
      assert.deepEqual(await said(fromPolicy(old), clusterSchedule()), [
        'Whether 111111111111/eu-west-1/pay is excluded cannot be told: the rule "too old to wake" of the policy\'s config ' +
          "hangs on its Kubernetes version, and that is not known: declare it with the tag kubernetes-version.",
      ]);
    });
  });

  describe("of an access entry", () => {
    const PRINCIPAL = "arn:aws:iam::111111111111:role/curfew-spoke";

    it("holds an entry of an excluded cluster", async () => {
      assert.deepEqual(
        await said(fromStack(PAGER), accessEntry({ clusterName: "pay-critical", principalArn: PRINCIPAL })),
        ["entry, an access entry of pay-critical, touches a cluster that the stack's config excludes: runs the pager."],
      );
      assert.deepEqual(await said(fromStack(PAGER), accessEntry({ clusterName: "pay", principalArn: PRINCIPAL })), []);
    });

    it("holds a policy's association too", async () => {
      const association = {
        ...accessEntry({ clusterName: "pay-critical" }),
        type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
      };
      assert.equal((await said(fromStack(PAGER), association)).length, 1);
    });

    it("takes account and Region from the principal, the resource and its provider", async () => {
      const rule = fromStack({ account: "111111111111", region: "eu-west-1", reason: "theirs" });
      const home = { region: "eu-west-1" };
      assert.equal((await said(rule, accessEntry({ clusterName: "a", principalArn: PRINCIPAL }, home))).length, 1);
      const elsewhere = { clusterName: "a", principalArn: PRINCIPAL, region: "us-east-1" };
      assert.deepEqual(await said(rule, accessEntry(elsewhere, home)), []);
    });

    it("fails when a rule asks for what nobody can tell", async () => {
      assert.deepEqual(
        await said(fromStack(PAGER), accessEntry({ clusterName: UNKNOWN_TEXT, principalArn: PRINCIPAL })),
        [
          "Whether entry, an access entry of a cluster whose name is not known yet, is excluded cannot be told: " +
            'the rule "runs the pager" of the stack\'s config hangs on its name, and that is not known.',
        ],
      );
      const byTag = fromStack({ tags: { curfew: "off" }, reason: "opted out" });
      assert.match(
        (await said(byTag, accessEntry({ clusterName: "pay" })))[0]!,
        /hangs on its tags, and that is not known/,
      );
    });

    it("takes the tags with which the stack's config declares the cluster", async () => {
      const declared = (curfew: string): TestPackOptions => ({
        stackConfig: {
          "curfew:exclusions": [{ tags: { curfew: "off" }, reason: "opted out" }],
          "curfew:schedules": { office: { timezone: "UTC", awake: "always" } },
          "curfew:clusters": [
            {
              name: "pay",
              account: "111111111111",
              region: "eu-west-1",
              tags: { curfew },
              ...(curfew === "off" ? {} : { schedule: "office" }),
            },
          ],
        },
      });
      assert.match((await said(declared("off"), accessEntry({ clusterName: "pay" })))[0]!, /excludes: opted out\.$/);
      assert.deepEqual(await said(declared("on"), accessEntry({ clusterName: "pay" })), []);
    });
  });

  describe("of a role", () => {
    it("holds a policy that names an excluded cluster or its node groups", async () => {
      const arn = "arn:aws:eks:eu-west-1:111111111111:nodegroup/pay-critical/*/*";
      assert.deepEqual(await said(fromStack(PAGER), rolePolicy(arn)), [
        `sleeper, a policy that names ${arn}, touches a cluster that the stack's config excludes: runs the pager.`,
      ]);
      const managed = { ...rolePolicy(arn), type: "aws:iam/policy:Policy" };
      assert.equal((await said(fromStack(PAGER), managed)).length, 1);
      const { policy } = rolePolicy(arn).props as { readonly policy: string };
      const inline = { ...managed, type: "aws:iam/role:Role", props: { inlinePolicies: [{ name: "p", policy }] } };
      assert.equal((await said(fromStack(PAGER), inline)).length, 1);
    });

    it("holds a pattern that reaches an excluded cluster", async () => {
      const reach = async (name: string) =>
        (await said(fromStack(PAGER), rolePolicy(`arn:aws:eks:*:111111111111:cluster/${name}`))).length;
      assert.equal(await reach("pay-*"), 1);
      assert.equal(await reach("pay"), 0);
    });

    it("leaves a policy for all clusters to tags and least privilege", async () => {
      const everywhere = rolePolicy("arn:aws:eks:*:111111111111:cluster/*", "*");
      assert.deepEqual(await said(fromStack(PAGER), everywhere), []);
    });

    it("holds any role of an account that is excluded as a whole", async () => {
      const account = fromStack({ account: "111111111111", reason: "audited" });
      assert.equal((await said(account, rolePolicy("arn:aws:eks:*:111111111111:cluster/*"))).length, 1);
      assert.deepEqual(await said(account, rolePolicy("arn:aws:eks:*:222222222222:cluster/*")), []);
    });

    it("asks again for a policy that is not known yet", async () => {
      assert.deepEqual(await said(fromStack(PAGER), { ...rolePolicy(), props: { policy: UNKNOWN_TEXT } }), []);
    });
  });

  describe("of an EKS cluster in the same stack", () => {
    const eks = (props: object): TestResource => ({
      type: "aws:eks/cluster:Cluster",
      name: "cluster",
      parents: [],
      props: { name: "pay", ...props },
    });

    it("goes by the version and the tags that it really has", async () => {
      const old = createTestPack(fromPolicy({ kubernetesVersion: "1.29", reason: "too old" }));
      const [violation, ...others] = await old.analyzeStack(eks({ version: "1.29" }), clusterSchedule());
      assert.deepEqual(others, []);
      assert.equal(violation?.rule, "excluded-eks-clusters");
      assert.match(
        violation.message,
        /\npay touches the EKS cluster pay, which the policy's config excludes: too old\.\n/,
      );
      assert.deepEqual(await old.analyzeStack(eks({ version: "1.33" }), clusterSchedule()), []);

      const tagged = createTestPack(fromStack({ tags: { curfew: "off" }, reason: "opted out" }));
      const entry = accessEntry({ clusterName: "pay" });
      assert.equal((await tagged.analyzeStack(eks({ tags: { curfew: "off" } }), entry)).length, 1);
    });
  });
});
