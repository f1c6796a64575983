import assert from "node:assert/strict";

import { campaignDefinition } from "../../components/campaign/definition.js";
import { FAILURE_CODES } from "../../runtime/ports/index.js";

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly BackoffRate: number }[];
  readonly ItemProcessor?: Machine & { readonly ProcessorConfig: Readonly<Record<string, string>> };
  readonly MaxConcurrency?: number;
  readonly Seconds?: number;
  readonly ToleratedFailurePercentagePath?: string;
}

const FUNCTION_ARN = "arn:aws:lambda:eu-west-1:999999999999:function:curfew-campaign";
const machine = JSON.parse(campaignDefinition(FUNCTION_ARN)) as Machine;
const groups = machine.States["Groups"];
const clusters = groups?.ItemProcessor?.States["Clusters"];
const machines = [machine, groups?.ItemProcessor, clusters?.ItemProcessor].filter((each) => each !== undefined);
const states = machines.flatMap(({ States }) => Object.values(States));

describe("the state machine of campaigns", () => {
  it("leads from every state to one that there is, or to an end", () => {
    assert.equal(machines.length, 3);
    for (const { StartAt, States } of machines) {
      assert.ok(StartAt in States);
      for (const [name, state] of Object.entries(States)) {
        const next = [
          state.Next,
          state.Default,
          ...[...(state.Choices ?? []), ...(state.Catch ?? [])].map((x) => x.Next),
        ];
        const known = next.filter((each) => each !== undefined);
        assert.ok(known.length > 0 || state.End === true || state.Type === "Succeed", `${name} leads nowhere`);
        for (const each of known) assert.ok(each in States, `${name} leads to ${each}`);
      }
    }
  });

  it("calls no two states alike, which AWS refuses even in machines within machines", () => {
    const names = machines.flatMap(({ States }) => Object.keys(States));
    assert.deepEqual([...new Set(names)], names);
  });

  it("goes through groups one by one, and through the clusters of one side by side, as executions of their own", () => {
    assert.deepEqual([groups?.MaxConcurrency, groups?.ItemProcessor?.ProcessorConfig], [1, { Mode: "INLINE" }]);
    assert.deepEqual(clusters?.ItemProcessor?.ProcessorConfig, { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
    assert.equal(clusters.MaxConcurrency, 10_000);
    assert.equal(clusters.ToleratedFailurePercentagePath, "$.toleratedFailurePercentage");
  });

  it("asks one function, tries passing faults again with growing pauses, and catches by our own codes", () => {
    const tasks = states.filter(({ Type }) => Type === "Task");
    assert.equal(tasks.length, 3);
    const known: ReadonlySet<string> = new Set(FAILURE_CODES);
    for (const { Resource, Retry = [], Catch = [] } of tasks) {
      assert.equal(Resource, FUNCTION_ARN);
      assert.ok(Retry.every(({ BackoffRate }) => BackoffRate > 1));
      const names = [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals);
      assert.deepEqual(
        names.filter((name) => !/^(States|Lambda)\./.test(name) && !known.has(name)),
        [],
      );
      assert.ok(names.includes("store-unavailable"));
    }
  });

  it("looks every half minute", () => {
    assert.deepEqual(
      states.flatMap(({ Seconds }) => Seconds ?? []),
      [30],
    );
  });

  it("gives back nothing, for the outputs of all children together are bounded", () => {
    const ends = states.filter(({ Type }) => Type === "Succeed");
    assert.equal(ends.length, 2);
    for (const end of ends) assert.deepEqual(end, { Type: "Succeed", OutputPath: null });
  });
});
