import assert from "node:assert/strict";
import { Failure, isFailure } from "../../../runtime/ports/index.js";
import { useKubernetes } from "./start-kubernetes.js";
import { statusBody, type Asked, type Reply } from "./stub-api-server.js";

const POD = { namespace: "shop", name: "web-1", uid: "uid-1" };

describe("signing in to the API server", () => {
  const start = useKubernetes();

  it("S25: answers a 401 with a newer token, once (safe-cycle 36)", async () => {
    const token = (rejected?: string) => Promise.resolve(rejected === "old" ? "new" : "old");
    const reply = (asked: Asked): Reply =>
      asked.token === "new" ? { status: 201, body: { kind: "Status", status: "Success" } } : { status: 401, body: {} };
    const { kubernetes, server } = await start(reply, token);
    assert.deepEqual(await kubernetes.evict(POD), { kind: "accepted" });
    assert.deepEqual(
      server.asked.map((asked) => asked.token),
      ["old", "new"],
    );
  });

  it("passes on why there is no token, without asking the server", async () => {
    const refused = new Failure({ code: "role-refused", message: "m", remedy: "r" });
    const { kubernetes, server } = await start(
      () => "hang",
      () => Promise.reject(refused),
    );
    await assert.rejects(kubernetes.listNodes(), refused);
    await assert.rejects(kubernetes.evict(POD), refused);
    assert.equal(server.asked.length, 0);
  });

  it("asks for an access entry when the newer token is refused too, and shows no token", async () => {
    const { kubernetes, server } = await start(
      () => ({ status: 401, body: statusBody(401, "Unauthorized") }),
      () => Promise.resolve("secret-token"),
    );
    const requests = [() => kubernetes.listNodes(), () => kubernetes.evict(POD), () => kubernetes.deletePod(POD, 1)];
    for (const request of requests) {
      const error: unknown = await request().catch((thrown: unknown) => thrown);
      assert.ok(isFailure(error));
      assert.equal(error.code, "access-entry-missing");
      assert.match(error.remedy, /create-access-entry .*--principal-arn arn:aws:iam::111111111111:role\/spoke/);
      assert.doesNotMatch(JSON.stringify(error) + String(error.stack), /secret-token/);
    }
    assert.equal(server.asked.length, 6);
  });
});
