import assert from "node:assert/strict";

import { gatherFiles, referencedFiles } from "../../runtime/config/index.js";

const raw = {
  catalogue: "fleet.yaml",
  calendars: { nsw: { ical: "nsw.ics" }, own: { dates: [] }, again: { ical: "nsw.ics" } },
};
const FLEET = "calendars:\n  vic: { ical: vic.ics }\n";

describe("files that config names", () => {
  it("are the catalogue and the iCalendar files, each once", () => {
    assert.deepEqual(referencedFiles(raw), ["fleet.yaml", "nsw.ics"]);
  });

  it("are also those of the catalogue, once it is there", () => {
    assert.deepEqual(referencedFiles(raw, new Map([["fleet.yaml", FLEET]])), ["fleet.yaml", "nsw.ics", "vic.ics"]);
  });

  it("are none in malformed config", () => {
    for (const malformed of [{ catalogue: 3 }, { calendars: "x" }, { calendars: { nsw: null } }, { calendars: null }]) {
      assert.deepEqual(referencedFiles(malformed), []);
    }
  });

  it("are read once each, and left out if they cannot be read", async () => {
    const asked: string[] = [];
    const files = await gatherFiles(raw, (path) => {
      asked.push(path);
      return Promise.resolve(path === "fleet.yaml" ? FLEET : path === "vic.ics" ? "text" : undefined);
    });
    assert.deepEqual(asked, ["fleet.yaml", "nsw.ics", "vic.ics"]);
    assert.deepEqual([...files.keys()], ["fleet.yaml", "vic.ics"]);
  });
});
