import { createKubernetes } from "../../../runtime/adapters/kubernetes/kubernetes.js";
import { createSystemClock } from "../../../runtime/adapters/system/clock.js";
import { createSystemRandom } from "../../../runtime/adapters/system/random.js";
import { drain } from "../../../runtime/drain/index.js";
import { drainSettingsSchema } from "../../../runtime/drain/settings.js";
import { compete } from "./contestant-process.js";
import { CONTEST_SETTINGS } from "./contest-settings.js";

/** Curfew's own drain, as a run would call it, except that nothing is written down before a cordon. */
compete(async ({ nodes, server, certificateAuthority, token }) => {
  const clock = createSystemClock();
  const describe = { cluster: "bench", region: "us-east-1", principal: "curfew" };
  const kubernetes = createKubernetes({
    server,
    certificateAuthority,
    clock,
    token: () => Promise.resolve(token),
    describe,
  });
  const report = await drain(
    {
      settings: drainSettingsSchema.parse(CONTEST_SETTINGS),
      isTarget: ({ name }) => nodes.includes(name),
      cordonedBefore: new Set(),
      cordonedByUs: new Set(),
      startedAt: clock.now(),
    },
    { kubernetes, clock, random: createSystemRandom() },
    {
      beforeCordon: () => Promise.resolve(),
      beforeScaleOwner: () => Promise.resolve(),
      keepAlive: () => Promise.resolve(),
      progress: () => undefined,
    },
    { yieldAt: null, signal: new AbortController().signal },
  );
  void kubernetes.close();
  if (report.outcome !== "drained") throw new Error(report.sentence);
  return JSON.stringify({ ...report.calls, ...report.answers });
});
