import * as z from "zod";

import { API_SERVICES, CUSTOM_RESOURCE_DEFINITIONS } from "../../resource-types.js";
import type { Survey } from "../../survey.js";
import type { Ground, ServiceRef } from "./ground.js";

const serviceSchema = z.object({ namespace: z.string(), name: z.string() });

const definitionSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    conversion: z.object({
      strategy: z.literal("Webhook"),
      webhook: z.object({ clientConfig: z.object({ url: z.undefined().optional(), service: serviceSchema }) }),
    }),
  }),
});

const apiServiceSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ service: serviceSchema }),
});

/**
 * What else goes away with the nodes and cannot be relaxed: conversion webhooks of custom resources, and APIs that a
 * Service in the cluster serves (safe-cycle H12). Sentences, at most one of each kind.
 */
export function unreachableApiNotes(survey: Survey, ground: Pick<Ground, "staysUp">): readonly string[] {
  const conversions = survey.of(CUSTOM_RESOURCE_DEFINITIONS).flatMap((object) => {
    const { data } = definitionSchema.safeParse(object);
    return data ? [{ name: data.metadata.name, service: data.spec.conversion.webhook.clientConfig.service }] : [];
  });
  const apis = survey.of(API_SERVICES).flatMap((object) => {
    const { data } = apiServiceSchema.safeParse(object);
    return data ? [{ name: data.metadata.name, service: data.spec.service }] : [];
  });
  return [
    ...note(
      away(conversions, ground),
      "While the cluster sleeps nobody converts these custom resources, so those stored in another version cannot be read and their namespaces cannot be deleted",
    ),
    ...note(
      away(apis, ground),
      "While the cluster sleeps nobody serves these APIs, so discovery is incomplete and no namespace can be deleted",
    ),
  ];
}

interface Served {
  readonly name: string;
  readonly service: ServiceRef;
}

function away(served: readonly Served[], ground: Pick<Ground, "staysUp">): readonly Served[] {
  return served.filter(({ service }) => !ground.staysUp(service));
}

const MOST_NAMED = 5;

function note(served: readonly Served[], sentence: string): readonly string[] {
  if (served.length === 0) return [];
  const names = served
    .slice(0, MOST_NAMED)
    .map(({ name, service }) => `${name} (${service.namespace}/${service.name})`);
  const more = served.length > MOST_NAMED ? ` and ${served.length - MOST_NAMED} more` : "";
  return [`${sentence}: ${names.join(", ")}${more}.`];
}
