import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createApproval } from "../../../stacks/deploy/approval.js";
import type { Fault } from "../../../stacks/deploy/fault.js";
import { NOTHING_HELD, readHeld, withoutInterruptedCreations } from "../../../stacks/deploy/held.js";
import { forecast, moneyWords } from "../../../stacks/deploy/money.js";
import { heldTwice } from "../../../stacks/deploy/open-environment.js";
import { readProject } from "../../../stacks/deploy/project.js";
import { isTooOld, runPulumi } from "../../../stacks/deploy/pulumi-cli.js";
import { createReporter } from "../../../stacks/deploy/reporter.js";
import { whileLocked } from "../../../stacks/deploy/retry.js";
import { createScrub, secretVariables } from "../../../stacks/deploy/scrub.js";
import { parseSchedule, type Schedule } from "../../../runtime/schedule/index.js";

describe("trying again while a stack is locked", () => {
  const locked: { readonly fault?: Fault } = { fault: { code: "stack-locked", message: "", remedy: "" } };

  async function attempts(outcomes: readonly { readonly fault?: Fault }[], random: number) {
    const waits: number[] = [];
    let tries = 0;
    const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
    const result = await whileLocked(
      () => Promise.resolve(outcomes[tries++] ?? locked),
      { sleep, random: () => random },
      () => undefined,
    );
    return { waits, tries, isLocked: result.fault !== undefined };
  }

  it("waits longer each time, and gives up after the fifth", async () => {
    assert.deepEqual(await attempts([], 0), { waits: [1_000, 2_000, 4_000, 8_000], tries: 5, isLocked: true });
  });

  it("stops waiting once the stack is free, after waits that chance has a hand in", async () => {
    assert.deepEqual(await attempts([locked, {}], 0.5), { waits: [1_500], tries: 2, isLocked: false });
  });

  it("does not try again what failed for another reason", async () => {
    const other: { readonly fault?: Fault } = { fault: { code: "stack-failed", message: "", remedy: "" } };
    assert.equal((await attempts([other], 0)).tries, 1);
  });
});

describe("a cluster that stands in two stacks", () => {
  const held = (...ids: readonly string[]) => ({
    ...NOTHING_HELD,
    clusters: ids.map((id) => ({ id, urn: `urn:${id}`, state: "running", isLeft: false, isTied: true })),
  });

  it("is named with both stacks and the way out; otherwise there is nothing to say", () => {
    const twice = heldTwice(
      "dev",
      new Map([
        [1, held("a", "b")],
        [2, held("b")],
      ]),
    );
    assert.equal(twice?.fault.code, "cluster-held-twice");
    assert.equal(twice.fault.message, "b stands in two stacks, dev and dev-2.");
    assert.match(twice.fault.remedy, /pulumi state delete 'urn:b' --stack dev-2$/);
    assert.equal(
      heldTwice(
        "dev",
        new Map([
          [1, held("a")],
          [2, held("b")],
        ]),
      ),
      undefined,
    );
  });
});

describe("the CLI", () => {
  it("may answer with the state of thousands of clusters", async () => {
    const folder = await mkdtemp(join(tmpdir(), "curfew-cli-"));
    try {
      const command = join(folder, "pulumi");
      await writeFile(command, "#!/bin/sh\nhead -c 20000000 /dev/zero | tr '\\0' x\n", { mode: 0o755 });
      const cli = { command: { command } } as unknown as Parameters<typeof runPulumi>[0];
      const answer = await runPulumi(cli, ["stack", "export"], folder);
      assert.equal(answer.ok ? answer.value.length : answer.fault.message, 20_000_000);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("secrets", () => {
  it("are taken out of every line, also as JSON and from within a longer one", () => {
    const scrub = createScrub(["pass", 'pass"word']);
    assert.equal(scrub('a pass"word, "pass\\"word" and a pass'), 'a [secret], "[secret]" and a [secret]');
  });

  it("leave short words alone, which would be found everywhere", () => {
    assert.equal(createScrub(["", "dev"])("deploying dev"), "deploying dev");
  });

  it("are the AWS keys, tokens and passphrases of the environment, and not their files' names", () => {
    const variables = {
      AWS_ACCESS_KEY_ID: "AKIA1",
      AWS_SECRET_ACCESS_KEY: "wJal",
      AWS_SESSION_TOKEN: "FwoG",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_CONFIG_PASSPHRASE: "horse",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/run/passphrase",
      AWS_REGION: "eu-west-1",
    };
    assert.deepEqual(secretVariables(variables), ["AKIA1", "wJal", "FwoG", "pul-1", "horse"]);
  });

  it("do not come through a reporter once it knows them", () => {
    const lines: string[] = [];
    const tell = (line: string) => void lines.push(line);
    const reporter = createReporter({ isJson: false, document: () => undefined, tell, now: () => 0, secrets: [] });
    reporter.hide(["from config"]);
    reporter.progressOf("dev").line("it is from config");
    assert.deepEqual(lines, ["dev: it is [secret]"]);
  });
});

describe("money", () => {
  const NOON = Date.parse("2026-03-02T12:00:00Z");
  const half = scheduleOf({ timezone: "UTC", awake: ["Mon-Sun 00:00-12:00"] });

  it("is what clusters cost while they are awake, against always on", () => {
    const money = forecast([{ costPerHour: 1, schedule: half }], NOON);
    assert.deepEqual(money, { asDeclared: 336, alwaysOn: 672, priced: 1, unpriced: 0 });
    assert.equal(moneyWords(money), "$336 instead of $672 always on");
  });

  it("says what it does not know", () => {
    const clusters = [{ costPerHour: null, schedule: half }];
    assert.equal(moneyWords(forecast(clusters, NOON)), "not declared");
    assert.match(
      moneyWords(forecast([...clusters, { costPerHour: 2, schedule: half }], NOON)),
      /\(1 without a price\)/,
    );
  });
});

describe("what a stack holds", () => {
  const type = "pulumi-nodejs:dynamic/curfew:ClusterSchedule";
  const declaration = JSON.stringify({
    version: 1,
    id: "1/r/pay",
    onDelete: "leave",
    exclusion: { cluster: "pay", reason: "x" },
  });

  it("is its ClusterSchedules, without those that are being replaced", () => {
    const held = readHeld({
      resources: [
        { urn: "urn:s", type: "pulumi:pulumi:Stack" },
        { urn: "urn:a", type, id: "1/r/pay", inputs: { declaration }, outputs: { state: "hibernated" } },
        { urn: "urn:b", type, id: "1/r/ads", dependencies: ["urn:table"] },
        { urn: "urn:a", type, id: "1/r/pay", delete: true },
      ],
    });
    assert.deepEqual(held.clusters, [
      { id: "1/r/pay", urn: "urn:a", state: "hibernated", isLeft: true, isTied: false },
      { id: "1/r/ads", urn: "urn:b", state: "unknown", isLeft: false, isTied: true },
    ]);
    assert.equal(held.isEmpty, false);
  });

  it("forgets clusters whose creation was cut off, and nothing else", () => {
    const pending_operations = [
      { type: "creating", resource: { urn: "urn:a", type } },
      { type: "creating", resource: { urn: "urn:q", type: "aws:sqs/queue:Queue" } },
      { type: "deleting", resource: { urn: "urn:b", type } },
    ];
    assert.deepEqual(readHeld({ pending_operations }).interrupted, ["urn:a"]);
    const left = withoutInterruptedCreations({ pending_operations }).pending_operations;
    assert.deepEqual(
      left.map(({ resource }) => resource.urn),
      ["urn:q", "urn:b"],
    );
  });
});

describe("approval", () => {
  const stopping = new AbortController().signal;

  it("is given by --yes, and by nobody when nobody can be asked", async () => {
    assert.equal(await createApproval({ isGiven: true, terminal: undefined, stopping })("Go on?"), undefined);
    const fault = await createApproval({ isGiven: false, terminal: undefined, stopping })("Go on?");
    assert.equal(fault?.code, "approval-missing");
  });
});

describe("the CLI's version", () => {
  it("is too old below 3.140, and when it is none", () => {
    assert.deepEqual(["3.20.0", "v3.139.9", "", "3.140.0", "3.220.0", "4.0.0"].map(isTooOld), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a project's files", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "curfew-project-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are found from a folder below it, and mean the same from any other", async () => {
    const yaml =
      "name: p\nruntime: nodejs\nmain: app\nstackConfigDir: s\nplugins: { providers: [{ name: x, path: ./x }] }\n";
    await writeFile(join(folder, "Pulumi.yaml"), yaml);
    await mkdir(join(folder, "s"));
    await writeFile(join(folder, "s", "Pulumi.dev.yaml"), "");
    const project = await readProject(join(folder, "s"));
    assert.ok(project.ok);
    assert.deepEqual(project.value.environments, ["dev"]);
    assert.deepEqual(project.value.portableSettings, {
      ...{ name: "p", runtime: "nodejs", main: join(folder, "app") },
      plugins: { providers: [{ name: "x", path: join(folder, "x") }] },
    });
  });
});

function scheduleOf(input: object): Schedule {
  const parsed = parseSchedule("half", input, { minimumWindowMinutes: 1, calendars: {}, path: "" });
  assert.ok(parsed.ok);
  return parsed.value;
}
