import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import { Failure } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { describeDiscovery } from "./discovery.js";

describeDiscovery("memory", () => {
  const world = createMemoryWorld({ clock: fakeClock() });
  const refused = new Failure({ code: "role-refused", message: "AWS refuses.", remedy: "Ask." });
  return Promise.resolve({
    discovery: world.discovery(new Map([["399999999999/eu-west-1", refused]])),
    access: () => ({}),
    addCluster: (identity, tags) => Promise.resolve(void world.addCluster({ identity, tags })),
    closed: { account: "399999999999", region: "eu-west-1" },
    close: () => Promise.resolve(),
  });
});
