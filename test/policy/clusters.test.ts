import assert from "node:assert/strict";

import { clusterSchedule } from "./declared.js";
import { createTestPack, NOW_MS } from "./test-pack.js";

const two = (hour: number): string => String(hour).padStart(2, "0");

const approved = (approval: object) => ({ stackConfig: { "curfew:approvals": [approval] } });

describe("policy, rules about clusters", () => {
  it("says nothing of a cluster that keeps them all", async () => {
    assert.deepEqual(await createTestPack().analyze(clusterSchedule()), []);
  });

  describe("production-approval", () => {
    const PRODUCTION = clusterSchedule({ name: "pay-prod" });

    it("refuses production that nobody answers for", async () => {
      const [said, ...others] = await createTestPack().analyze(PRODUCTION);
      assert.deepEqual(others, []);
      assert.deepEqual(said, {
        rule: "production-approval",
        level: "mandatory",
        message:
          "A production cluster sleeps only with an approval that says who answers for it, why, and until when.\n" +
          "111111111111/eu-west-1/pay-prod is production (its name fits *-prod), and no approval names it.\n" +
          'Declare one: curfew:approvals: [{ cluster, owner, reason, until: "2027-03-31" }]. (README.md#guard-rails)',
      });
    });

    it("takes an approval to the end of its last day", async () => {
      const approval = { cluster: "pay-*", owner: "kim", reason: "night shift is gone", until: "2026-11-21" };
      assert.deepEqual(await createTestPack(approved(approval)).analyze(PRODUCTION), []);
      const tomorrow = createTestPack({ ...approved(approval), atMs: NOW_MS + 86_400_000 });
      const [said] = await tomorrow.analyze(PRODUCTION);
      assert.match(said!.message, /its approval by kim ended on 2026-11-21 \(UTC\)\.\n/);
    });

    it("knows production by tag too", async () => {
      const tagged = clusterSchedule({ tags: { team: "payments", environment: "production" } });
      const [said] = await createTestPack().analyze(tagged);
      assert.match(said!.message, /\(its tags fit environment=prod\*\)/);
    });

    it("takes the names and tags of policy config instead of its own", async () => {
      const config = { "production-approval": { names: ["pay*"], tags: [] } };
      const [said] = await createTestPack({ config }).analyze(clusterSchedule());
      assert.match(said!.message, /its name fits pay\*/);
      assert.deepEqual(await createTestPack({ config }).analyze(clusterSchedule({ name: "ads-prod" })), []);
    });

    it("refuses when the approvals cannot be read", async () => {
      const [, said] = await createTestPack({ stackConfig: { "curfew:catalogue": "gone.json" } }).analyze(PRODUCTION);
      assert.match(said!.message, /\nThe approvals cannot be read: curfew:catalogue names a file that cannot be read/);
    });
  });

  describe("time-zone", () => {
    it("refuses a zone that policy config does not list", async () => {
      const pack = createTestPack({ config: { "time-zone": { zones: ["UTC", "Australia/*"] } } });
      const [said, ...others] = await pack.analyze(clusterSchedule());
      assert.deepEqual(others, []);
      assert.match(
        said!.message,
        /\nThe schedule office of 111111111111\/eu-west-1\/pay is in Europe\/Berlin, and only UTC, Australia\/\* may be used\.\n/,
      );
      const sydney = { office: { timezone: "Australia/Sydney", awake: ["Mon-Fri 07:00-19:00"] } };
      assert.deepEqual(await pack.analyze(clusterSchedule({}, sydney)), []);
    });
  });

  describe("sleep-length", () => {
    const NAP = { office: { timezone: "UTC", awake: ["00:00-11:00", "12:00-24:00"] } };

    it("refuses a sleep that the drain and the lead of the wake eat up", async () => {
      const [said] = await createTestPack().analyze(clusterSchedule({}, NAP));
      assert.deepEqual([said?.rule, said?.level], ["sleep-length", "mandatory"]);
      assert.match(
        said!.message,
        /\nThe shortest sleep of 111111111111\/eu-west-1\/pay is 1 h, and it needs 2 h: 30 min for the drain, 60 min asleep, 30 min for the wake\.\n/,
      );
    });

    it("lets it pass with less drain, and less asked for", async () => {
      const config = { "sleep-length": { minutesAsleep: 20, wakeLeadMinutes: 30 }, "worth-it": { leastPercent: 0 } };
      const quick = clusterSchedule({ settings: { drain: { timeoutSeconds: 600 } } }, NAP);
      assert.deepEqual(await createTestPack({ config }).analyze(quick), []);
    });

    it("has nothing to say of a cluster that always or never sleeps", async () => {
      const of = (awake: string) => clusterSchedule({}, { office: { timezone: "UTC", awake } });
      assert.deepEqual(await createTestPack().analyze(of("always"), of("never")), []);
    });
  });

  describe("no-force-in-production", () => {
    const forced = (name: string) => clusterSchedule({ name, settings: { drain: { policy: "force-at-deadline" } } });
    const approval = { cluster: "*", owner: "kim", reason: "quiet at night", until: "2027-01-01" };

    it("lets nobody break production's budgets, approved or not", async () => {
      const pack = createTestPack(approved(approval));
      const [said, ...others] = await pack.analyze(forced("prod-pay"), forced("dev-pay"));
      assert.deepEqual(others, []);
      assert.match(
        said!.message,
        /\n111111111111\/eu-west-1\/prod-pay is production \(its name fits prod-\*\), and its drain\.policy is force-at-deadline\.\n/,
      );
    });
  });

  describe("drain-timeout", () => {
    const lasting = (timeoutSeconds: number) => clusterSchedule({ settings: { drain: { timeoutSeconds } } });

    it("refuses what lies outside of its bounds", async () => {
      const said = await createTestPack().analyze(lasting(299), lasting(300), lasting(7_200), lasting(7_201));
      assert.deepEqual(
        said.map(({ message }) => message.split("\n")[1]),
        [
          "drain.timeoutSeconds of 111111111111/eu-west-1/pay is 299, and must be from 300 to 7200.",
          "drain.timeoutSeconds of 111111111111/eu-west-1/pay is 7201, and must be from 300 to 7200.",
        ],
      );
    });
  });

  describe("owner", () => {
    it("wants one of its tags, and not an empty one", async () => {
      const said = await createTestPack().analyze(
        clusterSchedule({ tags: {} }),
        clusterSchedule({ tags: { owner: " " } }),
        clusterSchedule({ tags: { owner: "kim" } }),
      );
      assert.deepEqual(
        said.map(({ rule, message }) => [rule, message.split("\n")[1]]),
        [
          ["owner", "111111111111/eu-west-1/pay has no tag owner or team."],
          ["owner", "111111111111/eu-west-1/pay has no tag owner or team."],
        ],
      );
    });
  });

  describe("worth-it", () => {
    const HOURLY = {
      office: {
        timezone: "UTC",
        awake: Array.from({ length: 8 }, (_, at) => `${two(at * 3)}:00-${two(at * 3 + 2)}:30`),
      },
    };
    const LOOSE = { "sleep-length": { minutesAsleep: 0, wakeLeadMinutes: 0 } };

    it("only advises, in hours", async () => {
      const short = clusterSchedule({ settings: { drain: { timeoutSeconds: 300 } } }, HOURLY);
      const [said, ...others] = await createTestPack({ config: LOOSE }).analyze(short);
      assert.deepEqual(others, []);
      assert.deepEqual([said?.rule, said?.level], ["worth-it", "advisory"]);
      assert.match(
        said!.message,
        /\nThe schedule of 111111111111\/eu-west-1\/pay saves 0\.0 h in four weeks: 112\.0 h asleep, less 112\.0 h in which 224 sleeps drain and boot\.\n/,
      );
    });

    it("speaks of money where an hour has its price", async () => {
      const priced = clusterSchedule({ costPerHour: 2, settings: { drain: { timeoutSeconds: 300 } } }, HOURLY);
      const [said] = await createTestPack({ config: LOOSE }).analyze(priced);
      assert.match(said!.message, /saves 0\.00 USD in four weeks: 224\.00 USD asleep, less 224\.00 USD/);
    });
  });

  it("fails with what is wrong in policy config, and does not go on", async () => {
    const pack = createTestPack({ config: { owner: { keys: "owner" } } });
    await assert.rejects(pack.analyze(clusterSchedule()), /The policy config of owner is wrong:\n.*expected array/);
  });
});
