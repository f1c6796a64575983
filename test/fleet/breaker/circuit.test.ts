import assert from "node:assert/strict";
import { admit, CLOSED, learn, type Circuit, type Outcome } from "../../../runtime/fleet/breaker/circuit.js";

const START = Date.parse("2026-01-05T19:00:00Z");
const MINUTE = 60_000;

function after(outcomes: readonly Outcome[], at = START, from: Circuit = CLOSED): Circuit {
  return outcomes.reduce((circuit, outcome) => learn(circuit, outcome, at), from);
}

const refused = (times: number): Outcome[] => Array.from({ length: times }, () => "auth");

describe("a circuit", () => {
  it("opens for a minute after five refusals in a row", () => {
    assert.equal(after(refused(4)).state, "closed");
    const opened = after(refused(5));
    assert.deepEqual(opened, {
      state: "open",
      until: START + MINUTE,
      trouble: "auth",
      openedAt: START,
      openings: 1,
      isPutOffTold: false,
    });
  });

  it("forgets refusals at the first success, not at faults of other kinds", () => {
    assert.equal(after([...refused(4), "ok", ...refused(4)]).state, "closed");
    assert.equal(after([...refused(4), "other", "auth"]).state, "open");
  });

  it("opens when half of the runs end throttled, of five at least", () => {
    assert.equal(after(["throttled", "throttled", "throttled", "throttled"]).state, "closed");
    assert.equal(after(["throttled", "ok", "throttled", "ok", "throttled", "throttled", "throttled"]).state, "open");
    const mostlyWell = ["throttled", "ok", "ok", "ok"] as const;
    assert.equal(after([...mostlyWell, ...mostlyWell, ...mostlyWell, ...mostlyWell, ...mostlyWell]).state, "closed");
  });

  it("counts throttles of the last five minutes only", () => {
    const early = after(["throttled", "throttled", "throttled", "throttled"]);
    assert.equal(learn(early, "throttled", START + 6 * MINUTE).state, "closed");
    assert.equal(learn(early, "throttled", START + 4 * MINUTE).state, "open");
  });

  it("lets one probe through when its time has come, and the others wait", () => {
    const opened = after(refused(5));
    assert.deepEqual(admit(opened, START + 59_999).admission, { kind: "open", until: START + MINUTE });
    const probing = admit(opened, START + MINUTE);
    assert.equal(probing.admission.kind, "probe");
    assert.deepEqual(admit(probing.circuit, START + MINUTE).admission, { kind: "open", until: START + 2 * MINUTE });
  });

  it("sends another probe when the first one was never heard of again", () => {
    const probing = admit(after(refused(5)), START + MINUTE).circuit;
    assert.equal(admit(probing, START + 16 * MINUTE).admission.kind, "open");
    assert.equal(admit(probing, START + 17 * MINUTE).admission.kind, "probe");
  });

  it("closes when the probe gets in, whatever else it meets there", () => {
    const probing = admit(after(refused(5)), START + MINUTE).circuit;
    assert.deepEqual(after(["ok"], START + MINUTE, probing), CLOSED);
    assert.deepEqual(after(["other"], START + MINUTE, probing), CLOSED);
  });

  it("probes after 1, 2, 4, 8, 16 minutes and then every 30", () => {
    let circuit = after(refused(5));
    const pauses: number[] = [];
    let now = START;
    for (let probe = 0; probe < 7 && circuit.state === "open"; probe += 1) {
      pauses.push((circuit.until - now) / MINUTE);
      now = circuit.until;
      circuit = learn(admit(circuit, now).circuit, "auth", now);
    }
    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 30, 30]);
  });

  it("learns nothing from runs that began before it opened", () => {
    const opened = after(refused(5));
    assert.equal(after(["ok", "auth"], START + 1, opened), opened);
  });
});
