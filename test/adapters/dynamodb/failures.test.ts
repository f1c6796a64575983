import assert from "node:assert/strict";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { openDynamoStore } from "../../../runtime/adapters/dynamodb/store.js";
import { isFailure } from "../../../runtime/ports/index.js";
import { freePorts } from "../../lab/process/free-ports.js";

const CLUSTER = "222222222222/eu-west-1/payments-dev";
const PLACE = { region: "eu-west-1", table: "curfew-hub", shards: 16 };
const LOCAL = { region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "b" }, maxAttempts: 1 };

/** A client whose every call ends with `error`, or with the next of several. */
function failingClient(...errors: readonly Error[]): { readonly client: DynamoDBClient; readonly calls: () => number } {
  let calls = 0;
  const client = new DynamoDBClient(LOCAL);
  client.middlewareStack.add(
    () => () => {
      calls += 1;
      return Promise.reject(errors[Math.min(calls, errors.length) - 1] ?? new Error("no error was given"));
    },
    { step: "initialize", name: "fail" },
  );
  return { client, calls: () => calls };
}

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe("faults of the hub's table", () => {
  for (const [name, message, remedy] of [
    ["ProvisionedThroughputExceededException", "too many requests", /warm throughput/],
    ["ThrottlingException", "Rate exceeded", /warm throughput/],
    ["TransactionInProgressException", "in progress", /Wait a minute/],
    ["ResourceNotFoundException", "Requested resource not found", /name of the table/],
    ["AccessDeniedException", "not authorized", /read and write the hub's table/],
    ["ExpiredTokenException", "expired", /Sign in again/],
    ["CredentialsProviderError", "Could not load credentials", /AWS_PROFILE/],
    ["TimeoutError", "socket timed out", /network/],
    ["InternalServerError", "we are sorry", /network/],
    ["ValidationException", "Item size has exceeded the maximum allowed size", /400 KB/],
  ] as const) {
    it(`are one failure that names the table and the way out: ${name}`, async () => {
      const store = openDynamoStore({ ...PLACE, client: failingClient(named(name, message)).client });
      await assert.rejects(store.putHold(CLUSTER, "demo day"), (error) => {
        assert.ok(isFailure(error));
        assert.equal(error.code, "store-unavailable");
        assert.match(error.message, /curfew-hub in eu-west-1/);
        assert.match(error.remedy, remedy);
        return true;
      });
    });
  }

  it("are told by every port of the store", async () => {
    const store = openDynamoStore({ ...PLACE, client: failingClient(named("ThrottlingException", "x")).client });
    for (const call of [store.readCluster(CLUSTER), store.listDue(0, 1, 1), store.read("pace/x"), store.list("")])
      await assert.rejects(call, isFailure);
  });

  it("leave a request of ours that DynamoDB cannot read as it is: that is a defect", async () => {
    const defect = named("ValidationException", "Syntax error in expression");
    const store = openDynamoStore({ ...PLACE, client: failingClient(defect).client });
    await assert.rejects(store.readCluster(CLUSTER), (error) => error === defect);
  });

  it("end at a closed port as well", async () => {
    const [port] = await freePorts(1);
    const client = new DynamoDBClient({ ...LOCAL, endpoint: `http://127.0.0.1:${String(port)}` });
    const store = openDynamoStore({ ...PLACE, client });
    await assert.rejects(store.readEntry(CLUSTER), isFailure);
    client.destroy();
  });
});
