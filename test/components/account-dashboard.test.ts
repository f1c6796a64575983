import assert from "node:assert/strict";

import type { Hub as HubClass } from "../../components/index.js";
import type { RunResult } from "../../runtime/run/index.js";
import { workerLog } from "./worker-log.js";
import { ofType, recordStack, theOne, type Registered } from "./record-stack.js";

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ACCOUNT = "222222222222";
const OTHER = "012345678901";

/** The language's own words, as far as the queries use them. */
const WORDS = new Set(["filter", "and", "or", "in", "stats", "by", "as", "sort", "desc", "limit", "display"]);

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly properties: {
    readonly title: string;
    readonly region: string;
    readonly view: string;
    readonly query: string;
  };
}

const widgetsOf = (hub: readonly Registered[], name: string): readonly Widget[] =>
  (JSON.parse(String(theOne(hub, DASHBOARD, name)["dashboardBody"])) as { widgets: readonly Widget[] }).widgets;

/** A query's log groups, and the rest of it. */
function partsOf(query: string): { readonly groups: readonly string[]; readonly commands: readonly string[] } {
  const lines = query.split("\n| ");
  const groups = lines.flatMap((line) => /^SOURCE '(.+)'$/.exec(line)?.[1] ?? []);
  return { groups, commands: lines.slice(groups.length) };
}

const textsIn = (command: string): readonly string[] =>
  [...command.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);

/** Fields of log lines that the commands name: every word that is no text, no function, no word of the language and no new name. */
function fieldsIn(commands: readonly string[]): readonly string[] {
  const bare = commands.map((command) => command.replaceAll(/"[^"]*"/g, "")).join(" ");
  const made = new Set([...bare.matchAll(/ as (\w+)/g)].map(([, name]) => name));
  const words = [...bare.matchAll(/(?<![\w.@])[a-z][\w.]*(?![\w.]*\()/gi)].map(([word]) => word);
  return [...new Set(words.filter((word) => !WORDS.has(word) && !made.has(word)))];
}

describe("dashboards of accounts", function () {
  // Loading the AWS package takes its time on a busy computer.
  this.timeout(120_000);

  const record = async (stack: string, args: Partial<ConstructorParameters<typeof HubClass>[1]>) => {
    const { Hub } = await import("../../components/index.js");
    return recordStack(stack, () => new Hub("curfew", { region: "eu-west-1", shards: 3, ...args }));
  };

  let hub: readonly Registered[];
  before(async () => {
    hub = await record("accounts", { accountDashboards: [ACCOUNT, OTHER] });
  });

  it("are there for the accounts that are named, beside the fleet's", () => {
    assert.deepEqual(
      ofType(hub, DASHBOARD).map(({ name, inputs }) => [name, inputs["dashboardName"], inputs["region"]]),
      [
        ["curfew-dashboard", "curfew-eu-west-1", "eu-west-1"],
        ["curfew-dashboard-222222222222", "curfew-eu-west-1-222222222222", "eu-west-1"],
        ["curfew-dashboard-012345678901", "curfew-eu-west-1-012345678901", "eu-west-1"],
      ],
    );
  });

  it("add nothing else to the hub, and are not there unless they are asked for", async () => {
    const namesOf = (registered: readonly Registered[]) =>
      registered.filter(({ isCustom }) => isCustom).map(({ type, name }) => `${type} ${name}`);
    const without = namesOf(await record("plain", {}));
    const added = [ACCOUNT, OTHER].map((account) => `${DASHBOARD} curfew-dashboard-${account}`);
    assert.deepEqual(namesOf(hub).toSorted(), [...without, ...added].toSorted());
  });

  it("are refused for what is no account, and for one that is named twice", async () => {
    await assert.rejects(record("refused", { accountDashboards: ["4711"] }), /accountDashboards\[0\] must be twelve/);
    await assert.rejects(
      record("twice", { accountDashboards: [ACCOUNT, ACCOUNT] }),
      /accountDashboards must name each account once/,
    );
  });

  it("ask every worker's log group, each of which is there, for their own account alone", () => {
    const groups = ofType(hub, LOG_GROUP).map(({ inputs }) => String(inputs["name"]));
    for (const account of [ACCOUNT, OTHER]) {
      const widgets = widgetsOf(hub, `curfew-dashboard-${account}`);
      assert.equal(widgets.length, 5);
      for (const { type, properties } of widgets) {
        const asked = partsOf(properties.query);
        assert.deepEqual([type, properties.region], ["log", "eu-west-1"]);
        assert.deepEqual(
          asked.groups,
          groups.filter((name) => name.startsWith("/aws/lambda/curfew-worker-")),
        );
        assert.ok(asked.commands[0]?.startsWith(`filter account = "${account}" and `), properties.title);
      }
    }
  });

  it("lay their widgets side by side, none over another", () => {
    const corners = widgetsOf(hub, `curfew-dashboard-${ACCOUNT}`).map(({ x, y, width }) => [x, y, width]);
    assert.deepEqual(corners, [
      [0, 0, 12],
      [12, 0, 12],
      [0, 6, 12],
      [12, 6, 12],
      [0, 12, 12],
    ]);
  });

  it("count every end that a run can have", () => {
    const [outcomes] = widgetsOf(hub, `curfew-dashboard-${ACCOUNT}`);
    const counted = partsOf(outcomes?.properties.query ?? "")
      .commands.slice(1)
      .flatMap(textsIn);
    const ends: Readonly<Record<Exclude<RunResult, "planned">, true>> = {
      completed: true,
      "nothing-to-do": true,
      yielded: true,
      blocked: true,
      partial: true,
      failed: true,
    };
    assert.deepEqual(counted.toSorted(), Object.keys(ends).toSorted());
    // One within another would be counted twice.
    assert.deepEqual(
      counted.filter((end) => counted.some((other) => other !== end && other.includes(end))),
      [],
    );
  });

  describe("over what workers really write", () => {
    let log: Awaited<ReturnType<typeof workerLog>>;
    before(async () => {
      log = await workerLog();
    });

    it("name only fields that there are", () => {
      const fields = new Set(log.flatMap((line) => Object.keys(line)));
      for (const { properties } of widgetsOf(hub, `curfew-dashboard-${ACCOUNT}`)) {
        const named = fieldsIn(partsOf(properties.query).commands);
        assert.ok(named.includes("account"), properties.title);
        assert.deepEqual(
          named.filter((field) => !fields.has(field)),
          [],
          properties.title,
        );
      }
    });

    it("look for values that there are", () => {
      const values = new Set(log.flatMap((line) => Object.values(line)));
      for (const { properties } of widgetsOf(hub, `curfew-dashboard-${ACCOUNT}`)) {
        const [filter = ""] = partsOf(properties.query).commands;
        assert.deepEqual(
          textsIn(filter).filter((text) => !values.has(text)),
          [],
          properties.title,
        );
      }
    });

    it("find all about the end of a run in its last line", () => {
      const [asleep, throttled] = log.filter((line) => line["data.kind"] === "run-finished");
      assert.deepEqual(
        ["level", "account", "cluster", "operation", "data.desired", "data.result", "data.code"].map((field) => [
          asleep?.[field],
          throttled?.[field],
        ]),
        [
          ["info", "info"],
          [ACCOUNT, ACCOUNT],
          [`${ACCOUNT}/eu-west-1/pay`, `${ACCOUNT}/eu-west-1/pay`],
          ["op-1", "op-2"],
          ["hibernated", "running"],
          ["completed", "failed"],
          [undefined, "throttled"],
        ],
      );
      assert.ok(Number(asleep?.["data.durationMs"]) > 0);
    });

    it("tell a run that ended throttled from work that was put off", () => {
      const putOff = log.filter((line) => line["data.kind"] === "put-off");
      assert.deepEqual(
        putOff.map((line) => [line["account"], line["operation"], line["data.until"], line["data.code"]]),
        [[ACCOUNT, "op-3", "2026-01-06T09:00:00.000Z", undefined]],
      );
      assert.ok(log.every((line) => line["data.code"] === undefined || line["data.until"] === undefined));
    });
  });
});
