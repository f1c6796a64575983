import type { PolicyResource } from "@pulumi/policy";

import { AWS } from "../aws-types.js";

/** A queue, and the function that takes from it. Either is missing when the stack does not hold it. */
export interface EventSource {
  readonly mapping: PolicyResource;
  readonly queue: PolicyResource | undefined;
  readonly function: PolicyResource | undefined;
}

/** Every event source of a stack, with its two ends by the dependencies that the engine keeps for each property. */
export const eventSourcesIn = (resources: readonly PolicyResource[]): readonly EventSource[] =>
  resources
    .filter(({ type }) => type === AWS.eventSourceMapping)
    .map((mapping) => ({
      mapping,
      queue: endOf(mapping, "eventSourceArn", AWS.queue),
      function: endOf(mapping, "functionName", AWS.function),
    }));

const endOf = (mapping: PolicyResource, key: string, type: string): PolicyResource | undefined =>
  mapping.propertyDependencies[key]?.find((resource) => resource.type === type);
