import assert from "node:assert/strict";

import { evaluate } from "../../runtime/schedule/index.js";
import { config, fleetOf, OFFICE, parse, PAYMENTS, problemsOf } from "./declared.js";

describe("the declared fleet", () => {
  it("gives each cluster everything that a run needs", () => {
    const [cluster] = fleetOf(config({ clusters: [{ ...PAYMENTS, tags: { team: "pay" } }] })).clusters;
    assert.equal(cluster?.id, "222222222222/ap-southeast-2/payments-dev");
    assert.deepEqual(cluster.identity, { account: "222222222222", region: "ap-southeast-2", name: "payments-dev" });
    assert.deepEqual(cluster.access, { roleArn: "arn:aws:iam::222222222222:role/curfew-spoke" });
    assert.equal(cluster.scheduleName, "office");
    assert.equal(cluster.onDelete, "wake");
    assert.equal(cluster.converge, true);
    assert.deepEqual(cluster.tags, { team: "pay" });
    assert.equal(cluster.settings.drain.policy, "wait");
  });

  it("is frozen all the way down", () => {
    const { clusters } = fleetOf(config());
    assert.ok(Object.isFrozen(clusters));
    for (const part of [clusters[0], clusters[0]?.settings.drain, clusters[0]?.identity, clusters[0]?.schedule]) {
      assert.ok(Object.isFrozen(part));
    }
  });

  it("may be empty, by saying nothing or by empty sections", () => {
    assert.deepEqual(fleetOf({}).clusters, []);
    assert.deepEqual(fleetOf({ clusters: null, schedules: null, settings: null, catalogue: null }).clusters, []);
  });

  it("lays settings over each other: defaults, fleet, cluster, environment", () => {
    const raw = config({
      settings: { runTimeoutSeconds: 100, leaseSeconds: 100, drain: { timeoutSeconds: 100, maxNodes: 7 } },
      clusters: [{ ...PAYMENTS, settings: { leaseSeconds: 200, drain: { timeoutSeconds: 200 } } }],
    });
    const { clusters, settings } = fleetOf(raw, { environment: { CURFEW_DRAIN_TIMEOUT_SECONDS: "300" } });
    const own = clusters[0]!.settings;
    assert.equal(own.pollSeconds, 15);
    assert.equal(own.runTimeoutSeconds, 100);
    assert.equal(own.leaseSeconds, 200);
    assert.equal(own.drain.timeoutSeconds, 300);
    assert.equal(own.drain.maxNodes, 7);
    assert.equal(settings.leaseSeconds, 100);
  });

  const roles: readonly [role: string, region: string, roleArn: string | undefined][] = [
    ["ops", "eu-west-1", "arn:aws:iam::222222222222:role/ops"],
    ["ops", "cn-north-1", "arn:aws-cn:iam::222222222222:role/ops"],
    ["ops", "us-gov-west-1", "arn:aws-us-gov:iam::222222222222:role/ops"],
    ["arn:aws:iam::222222222222:role/path/ops", "eu-west-1", "arn:aws:iam::222222222222:role/path/ops"],
    ["none", "eu-west-1", undefined],
  ];
  for (const [role, region, roleArn] of roles) {
    it(`assumes role ${role} in ${region} as ${roleArn ?? "nobody else"}`, () => {
      const [cluster] = fleetOf(config({ clusters: [{ ...PAYMENTS, role, region }] })).clusters;
      assert.equal(cluster?.access.roleArn, roleArn);
    });
  }

  it("hides the holidays of an iCalendar file, and of dates that YAML took for timestamps", () => {
    const event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT";
    const ical = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n${event}\r\nEND:VCALENDAR\r\n`;
    const raw = config({
      calendars: { ics: { ical: "nsw.ics" }, own: { dates: ["2026-12-28 00:00:00 +0000 UTC"] } },
      schedules: { office: { ...OFFICE, timezone: "UTC", holidays: ["ics", "own"] } },
    });
    const schedule = fleetOf(raw, { files: { "nsw.ics": ical } }).schedules["office"]!;
    const noonOn = (day: string) => evaluate(schedule, Date.parse(`${day}T12:00:00Z`)).state;
    assert.deepEqual(["2026-12-24", "2026-12-25", "2026-12-28", "2026-12-29"].map(noonOn), [
      "running",
      "hibernated",
      "hibernated",
      "running",
    ]);
  });

  it("joins the catalogue's lists and maps to those of the stack", () => {
    const catalogue =
      "schedules: { night: { timezone: UTC, awake: never } }\nclusters: [{ name: b, account: '222222222222', region: eu-west-1, schedule: office }]\nsettings: { drain: { maxNodes: 3 } }\n";
    const raw = config({
      catalogue: "fleet.yaml",
      settings: { drain: { maxPodsInFlight: 9 } },
      clusters: [{ ...PAYMENTS, schedule: "night" }],
    });
    const { clusters, settings } = fleetOf(raw, { files: { "fleet.yaml": catalogue } });
    assert.deepEqual(
      clusters.map(({ identity, scheduleName }) => [identity.name, scheduleName]),
      [
        ["payments-dev", "night"],
        ["b", "office"],
      ],
    );
    assert.deepEqual([settings.drain.maxNodes, settings.drain.maxPodsInFlight], [3, 9]);
  });

  const catalogues: readonly [what: string, text: string | undefined, problems: readonly string[]][] = [
    ["is not there", undefined, ['catalogue: names a file that cannot be read: "fleet.yaml"']],
    [
      "is not YAML",
      "clusters: [\n",
      [
        "catalogue: fleet.yaml, line 2, column 1: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      ],
    ],
    [
      "names another",
      "catalogue: more.yaml",
      ["catalogue.catalogue: must not be there: a catalogue cannot name another one"],
    ],
    [
      "declares what is declared",
      "schedules: { office: {} }\nstate: b.db\nsettings: { leaseSeconds: 60 }\nclusters: [{ name: payments-dev, account: '222222222222', region: ap-southeast-2, schedule: office }]",
      [
        "catalogue.state: is declared already at state: keep one of them",
        "catalogue.schedules.office: is declared already at schedules.office: keep one of them",
        "catalogue.settings.leaseSeconds: is declared already at settings.leaseSeconds: keep one of them",
        "catalogue.clusters[0]: is the same cluster as clusters[0] (222222222222/ap-southeast-2/payments-dev): keep one of them",
      ],
    ],
  ];
  for (const [what, text, problems] of catalogues) {
    it(`refuses a catalogue that ${what}`, () => {
      const raw = config({ catalogue: "fleet.yaml", state: "a.db", settings: { leaseSeconds: 60 } });
      assert.deepEqual(problemsOf(parse(raw, { files: text === undefined ? {} : { "fleet.yaml": text } })), problems);
    });
  }
});
