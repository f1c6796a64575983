import { type CoreV1Api, CoreV1Event, V1EventSource, V1ObjectMeta, V1ObjectReference } from "@kubernetes/client-node";

import type { Clock, Kubernetes, PodRef, PodWarning } from "../../ports/index.js";
import { classifyFault } from "./fault.js";

/** The events' share of the port. An event is worth one request: a later one says the same again. */
export function createPodWarnings(core: CoreV1Api, clock: Clock): Pick<Kubernetes, "warnOfPod"> {
  return {
    async warnOfPod(pod, warning) {
      const body = eventOf(pod, warning, new Date(clock.now()));
      try {
        await core.createNamespacedEvent({ namespace: pod.namespace, body });
        return "told";
      } catch (error) {
        if (classifyFault(error) === undefined) throw error;
        return "refused";
      }
    },
  };
}

/** The API's bound for an event's message. */
const MAX_MESSAGE = 1024;

function eventOf({ namespace, name, uid }: PodRef, { reason, message }: PodWarning, at: Date): CoreV1Event {
  return Object.assign(new CoreV1Event(), {
    metadata: Object.assign(new V1ObjectMeta(), { generateName: "curfew-", namespace }),
    involvedObject: Object.assign(new V1ObjectReference(), { apiVersion: "v1", kind: "Pod", namespace, name, uid }),
    type: "Warning",
    reason,
    message: message.slice(0, MAX_MESSAGE),
    source: Object.assign(new V1EventSource(), { component: "curfew" }),
    reportingComponent: "curfew",
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  });
}
