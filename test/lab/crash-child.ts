import { startLab } from "./index.js";

// A test run that is about to crash: it says which processes it has started, and waits to be killed.
const group = { name: "general", kind: "managed", min: 1, desired: 1, max: 1 } as const;
const lab = await startLab({
  clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups: [group] }],
});
console.log(JSON.stringify([process.pid, ...lab.processIds()]));
await new Promise((resolve) => process.stdin.on("end", resolve).resume());
