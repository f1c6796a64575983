export { createBreaker, listOpenCircuits, type Breaker, type OpenCircuit } from "./breaker.js";
export type { Admission, Outcome } from "./circuit.js";
