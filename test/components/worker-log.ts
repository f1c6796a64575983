import { openTelemetry } from "../../runtime/adapters/telemetry/telemetry.js";
import { parseWorkItem } from "../../runtime/adapters/sqs/message.js";
import type { WorkerPorts } from "../../runtime/fleet/worker/index.js";
import { createWorkerHandler } from "../../runtime/lambda/worker-handler.js";
import { Failure } from "../../runtime/ports/index.js";
import { at } from "../fleet/planner/entry.js";
import { hubFixture, PAY } from "../fleet/worker/hub-fixture.js";
import { eventOf, recordOf } from "../lambda/hub-events.js";

/** A log line as Logs Insights knows it: nested fields under their path, e.g. `data.kind`. */
type FlatLine = Readonly<Record<string, unknown>>;

/**
 * The log of a real worker over simulated AWS: `op-1` puts a cluster to sleep, `op-2` is throttled while waking it, `op-3`
 * finds the account's circuit open until 09:00, `op-4` a declaration that is damaged,
 * `op-5` a table that gives no answer.
 */
export async function workerLog(): Promise<readonly FlatLine[]> {
  const hub = await hubFixture("20:00");
  const lines: string[] = [];
  const { log, progress, telemetry } = await openTelemetry({
    hub: "curfew",
    role: "worker",
    region: "eu-west-1",
    alarmMetrics: {},
    write: (line) => void lines.push(line),
    now: hub.now,
  });

  async function work(operationId: string, changes: Partial<WorkerPorts> = {}): Promise<void> {
    const handle = createWorkerHandler(() =>
      Promise.resolve({
        portsFor: () => ({ ...hub.ports, progress, telemetry, ...changes }),
        options: {},
        telemetry,
        parseItem: parseWorkItem,
        log,
      }),
    );
    const item = { clusterId: PAY, operationId, claimedAt: hub.now(), hop: 0, traceparent: null };
    await handle(eventOf([recordOf(operationId, item)]), { getRemainingTimeInMillis: () => 900_000 });
  }

  await work("op-1");
  await hub.ports.clock.sleep(at("08:00") + 24 * 3_600_000 - hub.now());
  const throttled = new Failure({ code: "throttled", message: "Too fast.", remedy: "Wait." });
  await work("op-2", { connector: { ...hub.ports.connector, capacity: () => Promise.reject(throttled) } });
  const until = at("09:00") + 24 * 3_600_000;
  await work("op-3", { breaker: { ...hub.ports.breaker, check: () => Promise.resolve({ kind: "open", until }) } });
  await hub.store.registerCluster({ clusterId: PAY, declaration: "{}", registeredAt: hub.now() });
  await work("op-4");
  await work("op-5", { fleet: { ...hub.ports.fleet, readEntry: () => Promise.reject(new Error("no answer")) } });
  return lines.map((line) => flat(JSON.parse(line) as object));
}

function flat(value: object, path = ""): FlatLine {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
      typeof field === "object" && field !== null
        ? Object.entries(flat(field, `${path}${key}.`))
        : [[`${path}${key}`, field]],
    ),
  );
}
