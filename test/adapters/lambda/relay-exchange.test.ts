import assert from "node:assert/strict";

import { createRelayExchange } from "../../../runtime/adapters/lambda/relay-exchange.js";
import { shorterPage } from "../../../runtime/adapters/lambda/shorter-page.js";
import { eitherOf } from "../../../runtime/compose-reach.js";
import { Failure, type ApiExchange, type RelayAnswer, type RelayEvent } from "../../../runtime/ports/index.js";

const ENDPOINT = "https://a.eu-west-1.eks.amazonaws.com";
const LIST = { method: "GET", path: "/api/v1/pods?limit=500&continue=a%3D%3D", headers: {}, body: null };
const OK: RelayAnswer = { status: 200, headers: {}, body: "{}" };

const { signal } = new AbortController();
const refusal = (code: string): RelayAnswer => ({ error: { code, message: "so it is" } });

/** An exchange over a relay that answers as told, and what that was asked. */
function relayThat(answer: (event: RelayEvent) => RelayAnswer): { exchange: ApiExchange; asked: RelayEvent[] } {
  const asked: RelayEvent[] = [];
  const exchange = createRelayExchange({
    functionName: "curfew-relay-pay",
    endpoint: ENDPOINT,
    certificateAuthority: "PEM",
    invoke: (text) => {
      const event = JSON.parse(text) as RelayEvent;
      asked.push(event);
      return Promise.resolve(JSON.stringify(answer(event)));
    },
    close: () => undefined,
  });
  return { exchange, asked };
}

describe("requests through a relay", () => {
  it("carry the endpoint and its authority", async () => {
    const { exchange, asked } = relayThat(() => OK);
    assert.deepEqual(await exchange.send(LIST, signal), OK);
    assert.deepEqual(asked, [{ ...LIST, endpoint: ENDPOINT, certificateAuthority: "PEM" }]);
  });

  it("ask for shorter pages of a list until an answer fits, at the same place in the list", async () => {
    const limitOf = ({ path }: Pick<RelayEvent, "path">) => new URLSearchParams(path.split("?")[1]).get("limit");
    const { exchange, asked } = relayThat((event) => (Number(limitOf(event)) > 125 ? refusal("too-large") : OK));
    await exchange.send(LIST, signal);
    assert.deepEqual(asked.map(limitOf), ["500", "250", "125"]);
    assert.ok(asked.every(({ path }) => new URLSearchParams(path.split("?")[1]).get("continue") === "a=="));
  });

  it("give up on one object that does not fit", async () => {
    const { exchange, asked } = relayThat(() => refusal("too-large"));
    const one = exchange.send({ ...LIST, path: "/api/v1/pods?limit=2" }, signal);
    await assert.rejects(one, { code: "unavailable", remedy: /reach: hub/ });
    assert.equal(asked.length, 2);
    assert.equal(shorterPage("/api/v1/namespaces/a/pods/b"), null);
  });

  it("fail as a connection made here would", async () => {
    const failing = (code: string) => relayThat(() => refusal(code)).exchange.send(LIST, signal);
    await assert.rejects(failing("ECONNREFUSED"), { code: "ECONNREFUSED", message: /curfew-relay-pay/ });
    await assert.rejects(failing("timed-out"), { name: "TimeoutError" });
    await assert.rejects(failing("host-refused"), { code: "endpoint-unreachable", remedy: /hostSuffix/ });
  });
});

describe("a private endpoint that nothing was declared of", () => {
  const failing = (error: Error): ApiExchange => ({
    send: () => Promise.reject(error),
    close: () => Promise.resolve(),
  });
  const failure = (code: "endpoint-unreachable" | "permission-denied" | "unavailable") =>
    new Failure({ code, message: "m", remedy: "r" });

  it("is reached straight once there proves to be no relay, or none for us", async () => {
    for (const code of ["endpoint-unreachable", "permission-denied"] as const) {
      let attempts = 0;
      const absent = { ...failing(failure(code)), send: () => Promise.reject(((attempts += 1), failure(code))) };
      const { exchange: direct, asked } = relayThat(() => OK);
      const either = eitherOf(absent, direct);
      await either.send(LIST, signal);
      await either.send(LIST, signal);
      assert.deepEqual([attempts, asked.length], [1, 2]);
    }
  });

  it("is not asked twice over for a fault on the way", async () => {
    const { exchange: direct, asked } = relayThat(() => OK);
    for (const error of [failure("unavailable"), Object.assign(new Error("cut"), { code: "ECONNRESET" })]) {
      await assert.rejects(eitherOf(failing(error), direct).send(LIST, signal), error);
    }
    assert.deepEqual(asked, []);
  });
});
