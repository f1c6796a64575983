import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";

import fc from "fast-check";

import { plannerStatements, workerStatements } from "../../components/iam/hub-statements.js";
import { actionsOf, readActions, writeActions, type Capability } from "../../components/iam/spoke-actions.js";
import { spokeStatements, type SpokePlace } from "../../components/iam/spoke-statements.js";
import { settingsSchema } from "../../runtime/cycle/index.js";
import { neededPermissions } from "../../runtime/doctor/iam-actions.js";
import type { NodeGroup } from "../../runtime/ports/index.js";
import { packagePath } from "../lab/package-path.js";

const CAPABILITIES: readonly Capability[] = ["read", "scale", "full-cycle"];
const PLACE: SpokePlace = { partition: "aws", account: "222222222222", roleName: "curfew-spoke" };

const allowed = (capability: Capability) => actionsOf(readActions()).concat(actionsOf(writeActions(capability)));

/** The IAM action of an SDK command, where the two differ. */
const ACTION_OF: Readonly<Record<string, readonly string[]>> = {
  "dynamodb:TransactWriteItems": [
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
  ],
  "sqs:SendMessageBatch": ["sqs:SendMessage"],
  "sns:PublishBatch": ["sns:Publish"],
};

const SERVICE_OF: Readonly<Record<string, string>> = {
  "client-auto-scaling": "autoscaling",
  "client-ec2": "ec2",
  "client-eks": "eks",
  "client-sts": "sts",
  "client-service-quotas": "servicequotas",
  "client-dynamodb": "dynamodb",
  "client-sqs": "sqs",
  "client-sns": "sns",
  "client-eventbridge": "events",
};

/** What a person calls from a command line, with a person's rights. */
const PERSONS_OWN: ReadonlySet<string> = new Set(["dead-letters.ts"]);

/** Every IAM action that the sources of an adapter call through an SDK in the hub's functions: its commands and paginators, by package. */
async function calledBy(adapter: string): Promise<readonly string[]> {
  const folder = packagePath("runtime/adapters", adapter);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !PERSONS_OWN.has(name));
  const actions = await Promise.all(
    files.map(async (name) => actionsIn(await readFile(packagePath("runtime/adapters", adapter, name), "utf8"))),
  );
  return [...new Set(actions.flat())].toSorted();
}

function actionsIn(source: string): readonly string[] {
  const imports = [...source.matchAll(/\{([^{}]*)\} (?:from|= await import\()\s*"@aws-sdk\/([\w-]+)"/g)];
  return imports.flatMap(([, names = "", sdk = ""]) =>
    [...names.matchAll(/\b(?:paginate([A-Z]\w+)|([A-Z]\w+)Command)\b/g)].flatMap(([, paged, sent]) => {
      const action = `${SERVICE_OF[sdk] ?? sdk}:${paged ?? sent ?? ""}`;
      return ACTION_OF[action] ?? [action];
    }),
  );
}

describe("the spoke role's statements", () => {
  it("hold every action that a run needs, and no other change", () => {
    const groups = [{ kind: "managed" }, { kind: "self-managed" }] as unknown as readonly NodeGroup[];
    const settings = settingsSchema.parse({ scaling: { suspendProcesses: true }, measures: { karpenter: "apply" } });
    const needed = new Set(neededPermissions(groups, settings, true).map(({ action }) => action));
    assert.deepEqual(
      [...needed].filter((action) => !allowed("full-cycle").includes(action)),
      [],
    );
    assert.deepEqual(
      actionsOf(writeActions("full-cycle")).filter((action) => !needed.has(action)),
      [],
    );
  });

  it("are exactly what the AWS adapter calls, with the simulation that it signs by itself", async () => {
    // The caller's own identity needs no right, and its token is signed without a call.
    const called = (await calledBy("aws")).filter((action) => !action.startsWith("sts:"));
    assert.ok(called.length > 10, "the sources were not read");
    assert.deepEqual([...called, "iam:SimulatePrincipalPolicy"].toSorted(), allowed("full-cycle").toSorted());
  });

  it("allow no change on everything, none without the tag, and deny all of them by the other tag", () => {
    const text = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
    const places = fc.record({
      partition: fc.constantFrom("aws", "aws-cn", "aws-us-gov", "${AWS::Partition}"),
      account: fc.constantFrom("222222222222", "${AWS::AccountId}"),
      roleName: text,
    });
    fc.assert(
      fc.property(fc.constantFrom(...CAPABILITIES), places, (capability, place) => {
        const changes = actionsOf(writeActions(capability));
        const statements = spokeStatements(capability, place);
        const changing = statements.filter(({ Action }) => Action.some((action) => changes.includes(action)));
        const allowing = changing.filter(({ Effect }) => Effect === "Allow");
        for (const { Resource = [], Condition } of allowing) {
          assert.ok(Resource.length > 0 && !Resource.includes("*"));
          assert.ok(Resource.every((arn) => arn.startsWith(`arn:${place.partition}:`) && arn.includes(place.account)));
          assert.deepEqual(Condition, { StringEquals: { "aws:ResourceTag/curfew:managed": "true" } });
        }
        assert.deepEqual(allowing.flatMap(({ Action }) => Action).toSorted(), [...changes].toSorted());
        const denied = changing.filter(({ Effect }) => Effect === "Deny").flatMap(({ Action }) => Action);
        assert.deepEqual(denied.toSorted(), [...changes].toSorted());
        assert.equal(new Set(statements.map(({ Sid }) => Sid)).size, statements.length);
        assert.ok(statements.every(({ Action }) => Action.every((action) => !action.includes("*"))));
      }),
    );
  });

  it("grow from capability to capability", () => {
    const [read = [], scale = [], full = []] = CAPABILITIES.map((capability) =>
      spokeStatements(capability, PLACE).flatMap(({ Action }) => Action),
    );
    const added = (more: readonly string[], less: readonly string[]) =>
      [...new Set(more)].filter((action) => !less.includes(action)).toSorted();
    assert.deepEqual(added(read, scale), []);
    assert.deepEqual(added(scale, read), [
      "autoscaling:ResumeProcesses",
      "autoscaling:SuspendProcesses",
      "autoscaling:UpdateAutoScalingGroup",
      "eks:UpdateNodegroupConfig",
    ]);
    assert.deepEqual(added(scale, full), []);
    assert.deepEqual(added(full, scale), ["eks:UpdateClusterConfig", "iam:PassRole"]);
  });

  it("pass roles of the account to EKS alone", () => {
    const pass = spokeStatements("full-cycle", PLACE).find(({ Action }) => Action.includes("iam:PassRole"));
    assert.deepEqual(pass?.Resource, ["arn:aws:iam::222222222222:role/*"]);
    assert.deepEqual(pass.Condition, { StringEquals: { "iam:PassedToService": "eks.amazonaws.com" } });
  });

  it("ask about the own role alone", () => {
    const simulate = spokeStatements("read", PLACE).find(({ Action }) =>
      Action.includes("iam:SimulatePrincipalPolicy"),
    );
    assert.deepEqual(simulate?.Resource, ["arn:aws:iam::222222222222:role/curfew-spoke"]);
  });
});

describe("the hub roles' statements", () => {
  const arn = (text: string) => `arn:aws:x:eu-west-1:999999999999:${text}`;
  const hub = {
    tableArn: arn("table/t"),
    indexArns: [arn("table/t/index/due")],
    queueArns: [arn("q")],
    missedTicksArn: arn("dead"),
    topicArn: arn("topic"),
    busArn: arn("bus"),
    spokeRoles: "arn:aws:iam::*:role/curfew-spoke",
    tableKeyArn: null,
  };

  for (const adapter of ["dynamodb", "sqs", "sns"]) {
    it(`hold what the ${adapter} adapter calls`, async () => {
      const called = await calledBy(adapter);
      assert.ok(called.length > 0, "the sources were not read");
      for (const statements of [plannerStatements(hub), workerStatements(hub)]) {
        const granted = statements.flatMap(({ Action }) => Action);
        assert.deepEqual(
          called.filter((action) => !granted.includes(action)),
          [],
        );
      }
    });
  }

  it("grant nothing on the table that the adapter does not call", async () => {
    const called = await calledBy("dynamodb");
    const granted = workerStatements(hub).flatMap(({ Action }) => Action);
    assert.deepEqual(
      granted.filter((action) => action.startsWith("dynamodb:") && !called.includes(action)),
      [],
    );
  });

  it("read indexes and write to the table alone", () => {
    const onIndexes = plannerStatements(hub).filter(({ Resource }) => Resource?.includes(arn("table/t/index/due")));
    assert.deepEqual(
      onIndexes.flatMap(({ Action }) => Action),
      ["dynamodb:Query"],
    );
  });
});
