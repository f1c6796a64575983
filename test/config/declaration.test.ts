import assert from "node:assert/strict";

import fc from "fast-check";

import { decodeDates, encodeDates } from "../../runtime/config/calendar-code.js";
import { parseClusterDeclaration, serialiseCluster } from "../../runtime/config/index.js";
import { config, fleetOf, OFFICE, PAYMENTS, problemsOf, valueOf } from "./declared.js";

const YEARLY = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:test",
  ...["1225", "0101", "0425"].flatMap((day) => [
    "BEGIN:VEVENT",
    `UID:${day}`,
    `DTSTART;VALUE=DATE:2026${day}`,
    "RRULE:FREQ=YEARLY",
    `SUMMARY:${day}`,
    "END:VEVENT",
  ]),
  "END:VCALENDAR",
].join("\r\n");

const everything = {
  schedules: {
    office: {
      ...OFFICE,
      holidays: ["nsw"],
      exceptions: [{ from: "2026-12-24", to: "2026-12-26", state: "hibernated", reason: "shutdown" }],
    },
  },
  calendars: { nsw: { ical: "nsw.ics" }, unused: { dates: ["2026-01-01"] } },
  exclusions: [
    { cluster: "*-critical", reason: "runs the pager" },
    { tags: { tier: "1" }, reason: "tier 1" },
  ],
  settings: { runTimeoutSeconds: 3600 },
  minimumWindowMinutes: 60,
};

const specOf = (entry: object) =>
  fleetOf(config({ ...everything, clusters: [entry] }), { files: { "nsw.ics": YEARLY } }).clusters[0]!;

describe("a cluster's declaration", () => {
  const cases: readonly [what: string, entry: object][] = [
    ["a plain cluster", PAYMENTS],
    [
      "a cluster that says everything",
      {
        ...PAYMENTS,
        role: "ops",
        externalId: "e-1",
        reach: "spoke-resident",
        tags: { settings: "", team: "pay" },
        settings: { drain: { policy: "scale-owners" } },
        onDelete: "leave",
        converge: false,
        costPerHour: 12.5,
      },
    ],
    ["a cluster under the caller's own credentials", { ...PAYMENTS, role: "none" }],
    ["an excluded cluster", { name: "x-critical", account: "222222222222", region: "eu-west-1" }],
  ];
  for (const [what, entry] of cases) {
    it(`comes back equal: ${what}`, () => {
      const spec = specOf(entry);
      const text = serialiseCluster(spec);
      const back = valueOf(parseClusterDeclaration(text));
      assert.deepEqual(back, spec);
      assert.equal(serialiseCluster(back), text);
    });
  }

  it("is short, endless yearly holidays included", () => {
    const text = serialiseCluster(specOf({ ...PAYMENTS, tags: { team: "payments", env: "dev" } }));
    assert.ok(text.length < 1000, `${text.length} characters: ${text}`);
    assert.doesNotMatch(text, /unused/);
  });

  it("does not depend on the order of tags", () => {
    const [one, other] = [
      { a: "1", b: "2" },
      { b: "2", a: "1" },
    ].map((tags) => serialiseCluster(specOf({ ...PAYMENTS, tags })));
    assert.equal(one, other);
  });

  const refused: readonly [what: string, text: string, problems: readonly string[]][] = [
    ["text that is no JSON", "{", [": is not a cluster's declaration: it is not JSON"]],
    [
      "another version",
      '{"version":2,"id":"222222222222/eu-west-1/a"}',
      ["version: was written by another version of Curfew: declare the cluster again"],
    ],
    [
      "a cluster with neither schedule nor exclusion",
      '{"version":1,"id":"222222222222/eu-west-1/a"}',
      ["schedule: is required: the cluster is not excluded"],
    ],
    [
      "several faults at once",
      '{"version":1,"id":"a","settings":{"pollSeconds":0},"onDelete":"keep"}',
      [
        "id: must be account/region/name",
        'settings.pollSeconds: must be at least 1, not 0 (0 does not mean "no limit": every bound is finite)',
        'onDelete: must be one of wake, leave, not "keep"',
      ],
    ],
    [
      "a schedule that is none",
      '{"version":1,"id":"222222222222/eu-west-1/a","schedule":{"name":"s","minimumWindowMinutes":30,"input":{"timezone":"UTC","awake":"always","holidays":["nsw"]}}}',
      ['schedule.input.holidays[0]: no calendar is called "nsw": none is declared'],
    ],
  ];
  for (const [what, text, problems] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(problemsOf(parseClusterDeclaration(text)), problems));
  }

  it("keeps any set of dates", () => {
    const day = fc.tuple(fc.integer({ min: 2024, max: 2030 }), fc.constantFrom("02-29", "12-25", "01-01"));
    const dates = fc.uniqueArray(day.map(([year, date]) => `${year}-${date}`));
    fc.assert(
      fc.property(dates, (wanted) => {
        assert.deepEqual(decodeDates(encodeDates(wanted)), { dates: wanted.toSorted() });
      }),
    );
  });
});
