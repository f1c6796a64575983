/** One work item: what a worker does with it. */
export { handleWork, type WorkEnd, type WorkerOptions } from "./handle-work.js";
export type { WorkerPorts } from "./ports.js";
export { rememberDeclarations } from "./remember-declarations.js";
