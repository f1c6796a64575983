import assert from "node:assert/strict";

import { cliFixture, HUB_STATE } from "./fixture.js";

const HUB = "config: { curfew:hub: { region: eu-west-1, prefix: night, shards: 3 } }";
const QUEUES = { "night-work-0-dead": 3, "night-work-1-dead": 0, "night-work-2-dead": 1 };

/** A stack that declares a hub, with dead letters. */
function hubFixture(deadLetters: Readonly<Record<string, number>> = QUEUES) {
  const files = { "/project/stacks/Pulumi.prod.yaml": HUB };
  return cliFixture({ files, deadLetters, environment: { CURFEW_STACK: "prod" } });
}

describe("curfew redrive", () => {
  it("puts the dead letters of every queue of the hub back to work", async () => {
    const fixture = hubFixture();
    const told = await fixture.curfew("redrive");
    assert.equal(told.code, 0, told.err);
    assert.equal(
      told.out,
      [
        "night-work-0-dead: about 3 messages on the way back to work.",
        "night-work-1-dead: nothing lies there.",
        "night-work-2-dead: about 1 message on the way back to work.\n",
      ].join("\n"),
    );
    assert.equal(await fixture.deadLetters.redrive("night-work-0-dead"), "under-way");
    assert.equal(fixture.opened[0]?.statePath, "dynamodb://eu-west-1/night-fleet?shards=16");
  });

  it("says of a second call that the first one goes on", async () => {
    const { curfew } = hubFixture();
    await curfew("redrive");
    const told = await curfew("redrive", "--json");
    assert.deepEqual(told.json(), {
      queues: [
        { queue: "night-work-0-dead", messages: 3, outcome: "under-way" },
        { queue: "night-work-1-dead", messages: 0, outcome: "empty" },
        { queue: "night-work-2-dead", messages: 1, outcome: "under-way" },
      ],
    });
  });

  it("only counts with --dry-run", async () => {
    const { curfew, deadLetters } = hubFixture();
    const told = await curfew("redrive", "--dry-run");
    assert.match(told.out, /^night-work-0-dead: about 3 messages\.$/m);
    assert.equal(await deadLetters.redrive("night-work-0-dead"), "started");
  });

  it("takes queues by their URLs, also where the stack declares no hub", async () => {
    const url = "https://sqs.eu-west-1.amazonaws.com/111111111111/other-dead";
    const { curfew } = cliFixture({ deadLetters: { [url]: 2 }, environment: { CURFEW_STATE: HUB_STATE } });
    const told = await curfew("redrive", "--stack", "dev", "--queue", url);
    assert.deepEqual([told.code, told.out], [0, "other-dead: about 2 messages on the way back to work.\n"]);
  });

  it("asks for queues where it can derive none, and exits 2", async () => {
    const { curfew, opened } = cliFixture({ environment: { CURFEW_STATE: HUB_STATE } });
    const told = await curfew("redrive", "--stack", "dev");
    assert.equal(told.code, 2);
    assert.match(told.err, /--queue URL/);
    assert.deepEqual(opened, []);
  });

  it("serves the other queues when one cannot be reached, and exits 4; 1 when none can", async () => {
    const { curfew } = hubFixture({ "night-work-0-dead": 3, "night-work-1-dead": 0 });
    const told = await curfew("redrive");
    assert.equal(told.code, 4);
    assert.match(told.out, /^night-work-2-dead: \[config-invalid\]/m);
    assert.match(told.out, /^night-work-0-dead: about 3 messages on the way/m);
    assert.equal((await hubFixture({}).curfew("redrive")).code, 1);
  });
});
