import assert from "node:assert/strict";

import { Failure } from "../../runtime/ports/index.js";
import { withFaults } from "../fakes/failing-store.js";
import { inputsFor, PAY_ID, resourceFixture } from "./fixture.js";

/** What Pulumi's host looks for on an error. */
interface PartialFailure extends Error {
  readonly id?: string;
  readonly reasons?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

async function failureOf(work: Promise<unknown>): Promise<PartialFailure> {
  return work.then(
    () => assert.fail("it should have failed"),
    (error: unknown) => error as PartialFailure,
  );
}

const ASLEEP = inputsFor("never");
const AWAKE = inputsFor("always");

describe("create and update of a ClusterSchedule", () => {
  it("registers the cluster and leaves a running one running", async () => {
    const { lifecycle, store, world, lines } = resourceFixture();
    const { id, outs } = await lifecycle.create(AWAKE);
    assert.equal(id, PAY_ID);
    assert.deepEqual(outs, {
      state: "running",
      since: "2026-01-05T19:00:00.000Z",
      wanted: "running",
      rule: "awake: always",
      nextTransitionAt: null,
      lastResult: "nothing-to-do",
      lastReport: "nothing to do. It runs already.",
    });
    assert.equal((await store.readCluster(PAY_ID))?.declaration, AWAKE.declaration);
    assert.deepEqual(world.mutations(), []);
    assert.deepEqual(lines, []);
  });

  it("puts a cluster to sleep when its calendar says so, and tells the person how it goes", async () => {
    const { lifecycle, sizes, lines } = resourceFixture();
    const { outs } = await lifecycle.create(ASLEEP);
    assert.equal(outs["state"], "hibernated");
    assert.equal(outs["lastResult"], "completed");
    assert.deepEqual(await sizes(), [0, 0, 6]);
    assert.match(lines[0] ?? "", /^pay: run: hibernate: /);
    assert.match(lines.at(-1) ?? "", /^pay: run: hibernated after /);
  });

  it("gives the sizes back when the schedule changes", async () => {
    const { lifecycle, sizes } = resourceFixture();
    const { outs } = await lifecycle.create(ASLEEP);
    const updated = await lifecycle.update(PAY_ID, outs, AWAKE);
    assert.equal(updated.outs["state"], "running");
    assert.deepEqual(await sizes(), [1, 3, 6]);
  });

  it("says when the state changes next, in UTC", async () => {
    const { lifecycle } = resourceFixture();
    const { outs } = await lifecycle.create(inputsFor(["Mon-Fri 07:00-20:00"]));
    assert.equal(outs["nextTransitionAt"], "2026-01-05T20:00:00.000Z");
  });

  it("only registers where that is all that was asked for", async () => {
    const { lifecycle, cluster } = resourceFixture();
    cluster.faults.begin("credentials-missing");
    const { outs } = await lifecycle.create(inputsFor("never", { converge: false }));
    assert.equal(outs["state"], "unknown");
    assert.equal(outs["wanted"], "hibernated");
    assert.equal(outs["lastResult"], null);
  });

  it("keeps the state file's path for the methods that are not given inputs", async () => {
    const { lifecycle } = resourceFixture();
    const { outs } = await lifecycle.create({ ...AWAKE, statePath: "team.db" });
    assert.equal(outs["statePath"], "team.db");
  });

  it("keeps the resource when its cluster cannot be reached, with everything a later delete needs", async () => {
    const { lifecycle, cluster, store } = resourceFixture();
    cluster.faults.begin("role-refused");
    const error = await failureOf(lifecycle.create(ASLEEP));
    assert.equal(error.id, PAY_ID);
    assert.equal(error.reasons?.length, 1);
    assert.match(error.reasons[0] ?? "", /^111111111111\/eu-west-1\/pay: failed: \[role-refused\] /);
    assert.equal(error.properties?.["__provider"], "provider text");
    assert.equal(error.properties["state"], "unknown");
    assert.equal(error.properties["lastResult"], "failed");
    assert.equal((await store.readCluster(PAY_ID))?.declaration, ASLEEP.declaration);
  });

  it("goes on with the next update where a failed one stopped", async () => {
    const { lifecycle, cluster, sizes } = resourceFixture();
    cluster.faults.failNext({
      call: "resize",
      error: new Failure({ code: "permission-denied", message: "AWS denied the call.", remedy: "Allow it." }),
    });
    const error = await failureOf(lifecycle.create(ASLEEP));
    const { outs } = await lifecycle.update(PAY_ID, error.properties ?? {}, ASLEEP);
    assert.equal(outs["state"], "hibernated");
    assert.deepEqual(await sizes(), [0, 0, 6]);
  });

  it("records nothing when nothing could be registered", async () => {
    const { secondProcess, store } = resourceFixture();
    const faulty = withFaults(store, [{ call: "registerCluster", nth: 1, when: "before", lasts: "once" }]);
    const error = await failureOf(secondProcess({ store: faulty.store }).create(AWAKE));
    assert.equal(error.id, undefined);
    assert.match(error.message, /^\[store-unavailable\] /);
  });

  it("keeps the resource when the store fails in the middle of a run", async () => {
    const { secondProcess, store } = resourceFixture();
    const faulty = withFaults(store, [{ call: "acquireLease", nth: 1, when: "before", lasts: "for-good" }]);
    const error = await failureOf(secondProcess({ store: faulty.store }).create(ASLEEP));
    assert.equal(error.id, PAY_ID);
    assert.equal(error.properties?.["wanted"], "hibernated");
  });

  it("stops at a safe point when it is told to end, and says that the next run goes on", async () => {
    const { secondProcess } = resourceFixture();
    const error = await failureOf(secondProcess({ signal: AbortSignal.abort() }).create(ASLEEP));
    assert.equal(error.id, PAY_ID);
    assert.match(error.message, /\[cancelled\]/);
  });

  it("reports a cluster on which somebody else is working", async () => {
    const { secondProcess, store, ports } = resourceFixture();
    const held = () =>
      Promise.resolve({ kind: "held", holder: "someone", expiresAt: ports.clock.now() + 60_000 } as const);
    const error = await failureOf(secondProcess({ store: { ...store, acquireLease: held } }).create(ASLEEP));
    assert.match(error.message, /pay: blocked: \[lease-held\] Operation someone/);
  });

  it("refuses inputs that a check could not see", async () => {
    const { lifecycle } = resourceFixture();
    const error = await failureOf(lifecycle.create({ ...AWAKE, region: "eu-west-9" }));
    assert.equal(error.id, undefined);
    assert.match(error.message, /^\[config-invalid\] region: must be "eu-west-1"/);
  });

  it("shows no stack trace beside the sentence", async () => {
    const { lifecycle, cluster } = resourceFixture();
    cluster.faults.begin("role-refused");
    assert.equal((await failureOf(lifecycle.create(ASLEEP))).stack, "");
  });
});
