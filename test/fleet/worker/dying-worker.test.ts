import assert from "node:assert/strict";

import type { WorkerPorts } from "../../../runtime/fleet/worker/index.js";
import { mortal } from "../../run/mortal-ports.js";
import { at } from "../planner/entry.js";
import { hubFixture, PAY, type HubFixture } from "./hub-fixture.js";

const LEASE_MS = 90_000;

describe("a worker that dies", () => {
  it("shows life while it works, and is replaced as soon as its lease has run out", async () => {
    const hub = await hubFixture("19:00");
    const dueWhileWorking: number[] = [];
    const watched = watchDue(hub, (dueAt) => dueWhileWorking.push(dueAt - hub.now()));
    await hub.work({}, { ports: { fleet: watched } });
    const whileWorking = dueWhileWorking.slice(0, -1);
    assert.ok(whileWorking.length >= 2 && whileWorking.every((ms) => ms === LEASE_MS), whileWorking.join(" "));
  });

  it("anywhere, leaves a cluster that sleeps within a lease, two ticks and a run of its death", async function () {
    this.timeout(60_000);
    const total = await sleepWithDeath(0);
    assert.ok(total > 40, `only ${total} effects`);
    for (let dieAt = 1; dieAt <= total; dieAt += 3) await sleepWithDeath(dieAt);
  });
});

/** Drives a night whose first worker dies at effect `dieAt`; answers how many effects the first worker had. */
async function sleepWithDeath(dieAt: number): Promise<number> {
  const hub = await hubFixture("19:00");
  hub.cluster.addDeployment({ name: "web", replicas: 4, graceSeconds: 5 });
  const first = mortal(hub.store, dieAt);
  const stop = hub.world.onMutation(first.listener);
  let workers = 0;
  const portsOf = (): WorkerPorts => ((workers += 1) === 1 ? mortalPorts(hub, first) : hub.ports);
  await hub.drive(at("19:12"), () => {
    if (workers === 1) stop();
    return portsOf();
  });
  const sizes = (await hub.sizes()).map(([, desired]) => desired);
  assert.deepEqual(sizes, [0, 0], `died at effect ${dieAt}`);
  assert.equal((await hub.store.readEntry(PAY))?.unconvergedSince, null, `died at effect ${dieAt}`);
  return first.effects();
}

/** What the worker writes to the table and the queue dies with it. */
function mortalPorts(hub: HubFixture, { store, listener }: ReturnType<typeof mortal>): WorkerPorts {
  const touch = listener as () => void;
  const around = <A extends readonly unknown[], T>(write: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      touch();
      const answer = await write(...args);
      touch();
      return answer;
    };
  };
  const { fleet, queue } = hub.ports;
  return {
    ...hub.ports,
    store,
    fleet: { ...fleet, settle: around(fleet.settle.bind(fleet)), makeDue: around(fleet.makeDue.bind(fleet)) },
    queue: { send: around(queue.send.bind(queue)) },
  };
}

function watchDue({ ports: { fleet } }: HubFixture, see: (dueAt: number) => void): WorkerPorts["fleet"] {
  return {
    ...fleet,
    settle(clusterId, generation, settlement) {
      see(settlement.dueAt);
      return fleet.settle(clusterId, generation, settlement);
    },
  };
}
