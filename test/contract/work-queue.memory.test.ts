import { createMemoryWorkQueue } from "../../runtime/adapters/memory/work-queue.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { describeWorkQueue } from "./work-queue.js";

const REFUSED = "999999999999";

describeWorkQueue("memory", () => {
  const clock = fakeClock();
  const queue = createMemoryWorkQueue({ clock, refuses: ({ clusterId }) => clusterId.startsWith(REFUSED) });
  return Promise.resolve({
    queue,
    refusedAccount: REFUSED,
    receive: () => {
      const received = queue.receive(10);
      received.forEach(({ remove }) => remove());
      return Promise.resolve(received.map(({ item }) => item));
    },
    pass: (ms) => clock.sleep(ms),
    dispose: () => Promise.resolve(),
  });
});
