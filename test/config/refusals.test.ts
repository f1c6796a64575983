import assert from "node:assert/strict";

import { config, OFFICE, parse, PAYMENTS, problemsOf } from "./declared.js";

const FINITE = '(0 does not mean "no limit": every bound is finite)';

describe("config that is refused", () => {
  const cases: readonly [what: string, changes: Readonly<Record<string, unknown>>, problems: readonly string[]][] = [
    ["an unknown key", { cluster: [] }, ['cluster: is not a known key: did you mean "clusters"?']],
    [
      "an account that lost its leading zero",
      { clusters: [{ ...PAYMENTS, account: 12345678901 }] },
      [
        'clusters[0].account: must be twelve digits in quotes, because YAML reads them as a number and drops leading zeros: write "012345678901"',
      ],
    ],
    [
      "an account that is too short",
      { clusters: [{ ...PAYMENTS, account: "2222" }] },
      ['clusters[0].account: must be twelve digits in quotes, such as "222222222222"'],
    ],
    [
      "a Region that is none",
      { clusters: [{ ...PAYMENTS, region: "Sydney" }] },
      ["clusters[0].region: must be an AWS Region such as ap-southeast-2"],
    ],
    [
      "a name that EKS would not take",
      { clusters: [{ ...PAYMENTS, name: "a/b" }] },
      ["clusters[0].name: must be an EKS cluster name: letters, digits, - and _, at most 100"],
    ],
    [
      "a role of another account",
      { clusters: [{ ...PAYMENTS, role: "arn:aws:iam::333333333333:role/ops" }] },
      ["clusters[0].role: must be a role of the cluster's own account, not of 333333333333: a name alone always is"],
    ],
    [
      "a cluster without schedule",
      { clusters: [{ ...PAYMENTS, schedule: null }, without(PAYMENTS, "schedule")] },
      [
        "clusters[0].schedule: must be the name of a schedule",
        "clusters[1].schedule: is required: name one of office, or exclude the cluster",
        "clusters[1]: is the same cluster as clusters[0] (222222222222/ap-southeast-2/payments-dev): keep one of them",
      ],
    ],
    [
      "no schedule to name",
      { schedules: {}, clusters: [PAYMENTS] },
      ['clusters[0].schedule: no schedule is called "office": there are none'],
    ],
    [
      "time-outs of 0",
      { settings: { runTimeoutSeconds: 0 }, clusters: [{ ...PAYMENTS, settings: { drain: { timeoutSeconds: 0 } } }] },
      [
        `settings.runTimeoutSeconds: must be at least 1, not 0 ${FINITE}`,
        `clusters[0].settings.drain.timeoutSeconds: must be at least 1, not 0 ${FINITE}`,
      ],
    ],
    [
      "an exclusion without reason or matcher",
      { exclusions: [{ cluster: "a" }, { reason: "b" }, { tags: {}, reason: "c" }] },
      [
        "exclusions[0].reason: is required: why these clusters must stay awake, in words",
        "exclusions[1]: must say which clusters: at least one of cluster, account, region, tags",
        "exclusions[2]: must say which clusters: at least one of cluster, account, region, tags",
      ],
    ],
    [
      "a calendar that is both or neither",
      { calendars: { a: {}, b: { dates: [], ical: "b.ics" } } },
      [
        "calendars.a: must have either dates or ical (the path of an iCalendar file)",
        "calendars.b: must have either dates or ical (the path of an iCalendar file)",
      ],
    ],
    [
      "sections of the wrong kind",
      { clusters: {}, schedules: [] },
      ["schedules: must be a map of names, not []", "clusters: must be a list, not {}"],
    ],
    [
      "a minimum that is none",
      { minimumWindowMinutes: 0 },
      ["minimumWindowMinutes: must be a whole number of minutes from 1 to 1440"],
    ],
  ];
  for (const [what, changes, problems] of cases) {
    it(`for ${what}`, () => assert.deepEqual(new Set(problemsOf(parse(config(changes)))), new Set(problems)));
  }

  it("blames no schedule for a calendar's own fault, and no cluster for a schedule's", () => {
    const raw = config({
      calendars: { nsw: { dates: ["2026-13-25"] } },
      schedules: { office: { ...OFFICE, holidays: ["nsw"] }, broken: { timezone: "UTC" } },
      clusters: [PAYMENTS, { ...PAYMENTS, name: "b", schedule: "broken" }],
    });
    const parsed = parse(raw);
    assert.deepEqual(parsed.ok || parsed.problems.map(({ path }) => path), [
      "calendars.nsw.dates[0]",
      "schedules.broken.awake",
    ]);
  });

  it("names every problem of a very bad file at once", () => {
    const raw = {
      cluster: [],
      calendars: { nsw: { dates: ["2026-02-30"] }, vic: { ical: "vic.ics" } },
      schedules: {
        office: { timezone: "Australia/Sidney", awake: ["Mon-Fri 07:00-19:00"], holidays: ["nsv"] },
        lunch: { timezone: "UTC", awake: [{ start: "0 7 * * 1-5", stop: "0 7 * * 1-5" }] },
      },
      exclusions: [{ cluster: "*-critical", reason: "runs the pager" }, { reason: "all of them" }],
      settings: { drain: { polcy: "wait" } },
      clusters: [
        { name: "a", account: 12345678901, region: "Sydney", schedule: "offce" },
        { name: "b", account: "222222222222", region: "eu-west-1" },
        { name: "b", account: "222222222222", region: "eu-west-1", schedule: "office", settings: { pollSeconds: 0 } },
        { name: "pay-critical", account: "222222222222", region: "eu-west-1", schedule: "office" },
        { name: "c", account: "222222222222", region: "eu-west-1", schedule: "lunch", onDelete: "keep", tag: {} },
      ],
    };
    assert.deepEqual(problemsOf(parse(raw, { environment: { CURFEW_DRAIN_POLICY: "force" } })), [
      'cluster: is not a known key: did you mean "clusters"?',
      'calendars.nsw.dates[0]: "2026-02-30" is not a date: write one such as "2026-12-25"',
      'calendars.vic.ical: names a file that cannot be read: "vic.ics"',
      'schedules.office.timezone: "Australia/Sidney" is not an IANA time zone; did you mean "Australia/Sydney"?',
      'schedules.office.holidays[0]: no calendar is called "nsv": did you mean "nsw"?',
      'schedules.lunch.awake[0]: starts and stops at the same times ("0 7 * * 1-5"): let it stop later',
      "exclusions[1]: must say which clusters: at least one of cluster, account, region, tags",
      'settings.drain.polcy: is not a known key: did you mean "policy"?',
      'environment.CURFEW_DRAIN_POLICY: must be one of wait, scale-owners, force-at-deadline, not "force"',
      'clusters[0].account: must be twelve digits in quotes, because YAML reads them as a number and drops leading zeros: write "012345678901"',
      "clusters[0].region: must be an AWS Region such as ap-southeast-2",
      'clusters[0].schedule: no schedule is called "offce": did you mean "office"?',
      "clusters[1].schedule: is required: name one of office, lunch, or exclude the cluster",
      `clusters[2].settings.pollSeconds: must be at least 1, not 0 ${FINITE}`,
      "clusters[2]: is the same cluster as clusters[1] (222222222222/eu-west-1/b): keep one of them",
      'clusters[3].schedule: must not be there, because the cluster is excluded ("runs the pager"): remove one of the two',
      'clusters[4].onDelete: must be one of wake, leave, not "keep"',
      'clusters[4].tag: is not a known key: did you mean "tags"?',
    ]);
  });
});

function without(record: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
