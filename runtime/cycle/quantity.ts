const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a number, e.g. `250m` is 0.25 and `1.5Gi` is 1610612736; 0 for what is none. The client
 * library's own reader throws on `1.5Gi` and may not be used here.
 */
export function parseQuantity(text: unknown): number {
  if (typeof text === "number") return Number.isFinite(text) ? text : 0;
  const [, digits = "", suffix = ""] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(text)) ?? [];
  const factor = suffix === "" ? 1 : FACTORS[suffix];
  const value = Number(digits) * (factor ?? 0);
  return Number.isFinite(value) ? value : 0;
}

/** What a pod asks of a node, or a node has for pods. CPU in thousandths of a core, memory in bytes. */
export interface Room {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** How many pods; one for a pod. */
  readonly pods: number;
}

/** Requests or allocatable as the API writes them; what is not said is 0. */
export function readRoom(quantities: Readonly<Record<string, unknown>>): Room {
  return {
    cpuMillis: Math.ceil(parseQuantity(quantities["cpu"] ?? 0) * 1000),
    memoryBytes: Math.ceil(parseQuantity(quantities["memory"] ?? 0)),
    pods: parseQuantity(quantities["pods"] ?? 0),
  };
}

/** Both together. */
export function addRoom(a: Room, b: Room): Room {
  return {
    cpuMillis: a.cpuMillis + b.cpuMillis,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    pods: a.pods + b.pods,
  };
}

/** The larger of the two in each figure. */
export function largerRoom(a: Room, b: Room): Room {
  return {
    cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
    memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
    pods: Math.max(a.pods, b.pods),
  };
}

/** Whether `needed` fits into `room` in every figure. */
export function fitsInto(needed: Room, room: Room): boolean {
  return needed.cpuMillis <= room.cpuMillis && needed.memoryBytes <= room.memoryBytes && needed.pods <= room.pods;
}

/** Nothing at all. */
export const NO_ROOM: Room = Object.freeze({ cpuMillis: 0, memoryBytes: 0, pods: 0 });
