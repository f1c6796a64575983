import * as z from "zod";

import type { ApiObject } from "../../ports/index.js";
import type { Workload } from "./workload.js";

/** Why a workload is not ready, in words; null when it is. One that asks for no pod is ready. */
export function whyNotReady(workload: Workload): string | null {
  const { isObserved, wanted, ready, updated } = workload;
  if (!isObserved) return "its controller has not seen the newest generation";
  if (ready < wanted) return `${ready} of ${wanted} pods ready`;
  if (updated !== null && updated < wanted) return `${updated} of ${wanted} pods updated`;
  return null;
}

const serviceSchema = z.object({
  spec: z.object({ selector: z.record(z.string(), z.string()).optional(), type: z.string().optional() }),
});

const sliceSchema = z.object({
  endpoints: z
    .array(z.object({ conditions: z.object({ ready: z.boolean().nullish() }).prefault({}) }))
    .nullish()
    .transform((endpoints) => endpoints ?? []),
});

/** The label by which an EndpointSlice says whose it is. */
const SERVICE_NAME = "kubernetes.io/service-name";

/** The Services that select a workload's pods, as `namespace/name`. */
export function servicesOf(
  { namespace, template, wanted }: Workload,
  services: readonly ApiObject[],
): readonly string[] {
  if (wanted === 0) return [];
  const { labels } = template.metadata;
  return services
    .filter((service) => service.metadata.namespace === namespace && selects(service, labels))
    .map((service) => `${namespace}/${service.metadata.name}`);
}

function selects(service: ApiObject, labels: Readonly<Record<string, string>>): boolean {
  const selector = Object.entries(serviceSchema.safeParse(service).data?.spec.selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
}

/** The Services, as `namespace/name`, that have an endpoint ready to take a connection. An endpoint that does not say counts as ready (discovery/v1). */
export function servicesWithEndpoint(slices: readonly ApiObject[]): ReadonlySet<string> {
  const ready = slices.filter((slice) => {
    const { endpoints = [] } = sliceSchema.safeParse(slice).data ?? {};
    return endpoints.some(({ conditions }) => conditions.ready !== false);
  });
  return new Set(ready.map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.labels?.[SERVICE_NAME] ?? ""}`));
}
