export { createPacer } from "./pacer.js";
export { listSlowed, type SlowedBucket } from "./slowed.js";
