import { describeKubernetes } from "./kubernetes.js";
import { startRealKubernetes } from "./real-kubernetes.js";

describeKubernetes("adapter over a real API server", () => startRealKubernetes());
