/** `npm run bench -- NAME [--json]`: one JSON object on the last line; progress goes to stderr. */

/** Every benchmark by its name; loaded only when asked for, because some start a lab. */
const BENCHES: Readonly<Record<string, () => Promise<object>>> = {
  calendar: async () => (await import("./calendar.js")).runCalendarBench(),
  calls: async () => (await import("./calls.js")).runCallsBench(),
  cold: async () => (await import("./cold.js")).runColdBench(),
  cycle: async () => (await import("./cycle.js")).runCycleBench(),
  deploy: async () => (await import("./deploy.js")).runDeployBench(),
  drain: async () => (await import("./drain.js")).runDrainBench(),
  planner: async () => (await import("./planner.js")).runPlannerBench(),
  fleet: async () => (await import("./fleet.js")).runFleetBench(),
  up: async () => (await import("./up.js")).runUpBench(),
  policy: async () => (await import("./policy.js")).runPolicyBench(),
};

const [name = ""] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`usage: npm run -s bench -- ${Object.keys(BENCHES).join("|")} --json`);
  process.exitCode = 2;
} else {
  const figures = await bench();
  console.log(JSON.stringify(figures));
}
