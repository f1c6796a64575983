import { openLocalRelay } from "../lambda/local-relay.js";
import { describeKubernetes } from "./kubernetes.js";
import { startRealKubernetes } from "./real-kubernetes.js";

describeKubernetes("adapter over a real API server, through a relay", () =>
  startRealKubernetes((server) => openLocalRelay(server)),
);
