import {
  ENDPOINT_SLICES,
  hasReadyEndpoint,
  SERVICE_NAME_LABEL,
  type IsNodeThere,
  type ServiceRef,
} from "../../cycle/index.js";
import type { StepContext } from "../context.js";

/** Watches for how long the Services behind webhooks have had a ready endpoint. */
export interface BackendWatch {
  /** Looks at these Services, one call each. */
  look(services: readonly ServiceRef[]): Promise<void>;
  /** Whether it had one at the last look. */
  isReady(service: ServiceRef): boolean;
  /** Whether the Service had a ready endpoint at every look for the wanted time. */
  isStable(service: ServiceRef): boolean;
  /** When the next of those that are not yet stable will be, if it goes on serving; null when none serves. */
  nextStableAt(): number | null;
  /** Starts the Service's time anew: it serves, yet its webhook does not answer. */
  distrust(service: ServiceRef): void;
}

/** Starts a watch; `stableMs` 0 is satisfied by one look (safe-cycle W14). */
export function watchBackends({ kubernetes, clock }: StepContext, stableMs: number): BackendWatch {
  const readySince = new Map<string, number>();

  async function hasEndpoint({ namespace, name }: ServiceRef): Promise<boolean> {
    const answer = await kubernetes.objects.list(ENDPOINT_SLICES, {
      namespace,
      labelSelector: `${SERVICE_NAME_LABEL}=${name}`,
    });
    return answer.kind === "listed" && answer.items.some((slice) => hasReadyEndpoint(slice, anyNode));
  }

  return {
    async look(services) {
      const distinct = new Map(services.map((service) => [keyOf(service), service]));
      for (const [key, service] of distinct) {
        if (!(await hasEndpoint(service))) readySince.delete(key);
        else if (!readySince.has(key)) readySince.set(key, clock.now());
      }
    },
    isReady: (service) => readySince.has(keyOf(service)),
    isStable(service) {
      const since = readySince.get(keyOf(service));
      return since !== undefined && clock.now() - since >= stableMs;
    },
    nextStableAt() {
      const coming = [...readySince.values()].map((since) => since + stableMs).filter((at) => at > clock.now());
      return coming.length === 0 ? null : Math.min(...coming);
    },
    distrust: (service) => void readySince.delete(keyOf(service)),
  };
}

/** The endpoint controller has had nodes to look at since the wake began. */
const anyNode: IsNodeThere = () => true;

function keyOf({ namespace, name }: ServiceRef): string {
  return `${namespace}/${name}`;
}
