import * as z from "zod";

import type { ApiObject, LabelSelector, ResourceType } from "../../../ports/index.js";
import { MUTATING_WEBHOOKS, VALIDATING_WEBHOOKS } from "../../resource-types.js";
import type { Survey } from "../../survey.js";

const selectorSchema = z
  .object({
    matchLabels: z.record(z.string(), z.string()).default({}),
    matchExpressions: z
      .array(
        z.object({
          key: z.string(),
          operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
          values: z.array(z.string()).default([]),
        }),
      )
      .default([]),
  })
  .prefault({});

const ruleSchema = z.object({
  operations: z.array(z.string()).default([]),
  apiGroups: z.array(z.string()).default([]),
  apiVersions: z.array(z.string()).default([]),
  resources: z.array(z.string()).default([]),
  scope: z.enum(["*", "Cluster", "Namespaced"]).default("*"),
});

/** What the API server fills in for absent fields is filled in here too (admissionregistration.k8s.io/v1). */
const webhookSchema = z.object({
  name: z.string(),
  clientConfig: z.object({
    url: z.string().optional(),
    service: z.object({ namespace: z.string(), name: z.string() }).optional(),
  }),
  rules: z.array(ruleSchema).default([]),
  failurePolicy: z.enum(["Fail", "Ignore"]).default("Fail"),
  timeoutSeconds: z.number().default(10),
  matchPolicy: z.enum(["Exact", "Equivalent"]).default("Equivalent"),
  namespaceSelector: selectorSchema,
  objectSelector: selectorSchema,
  matchConditions: z.array(z.object({ name: z.string(), expression: z.string() })).default([]),
});

/** One rule of a webhook: which requests the API server asks it about. */
export type WebhookRule = z.output<typeof ruleSchema>;

/** One webhook of a configuration. A configuration may hold many, and each fails on its own. */
export interface Webhook extends Readonly<z.output<typeof webhookSchema>> {
  readonly configuration: ApiObject;
  readonly type: ResourceType;
  readonly isMutating: boolean;
}

/** Every webhook that can be read, and the names of those that cannot: an unreadable one is reported, never a crash. */
export interface WebhookList {
  readonly webhooks: readonly Webhook[];
  readonly unreadable: readonly string[];
}

/** The webhooks of both kinds of configuration, in the order of the survey. */
export function webhooksOf(survey: Survey): WebhookList {
  const lists = [VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS].flatMap((type) =>
    survey.of(type).map((configuration) => readConfiguration(type, configuration)),
  );
  return {
    webhooks: lists.flatMap(({ webhooks }) => webhooks),
    unreadable: lists.flatMap(({ unreadable }) => unreadable),
  };
}

/** The webhooks of one configuration. */
export function readConfiguration(type: ResourceType, configuration: ApiObject): WebhookList {
  const entries: unknown = configuration["webhooks"];
  const read = (Array.isArray(entries) ? (entries as unknown[]) : []).map((entry, index) => ({
    parsed: webhookSchema.safeParse(entry),
    index,
  }));
  const isMutating = type.plural === MUTATING_WEBHOOKS.plural;
  return {
    webhooks: read.flatMap(({ parsed }) =>
      parsed.success ? [{ ...parsed.data, configuration, type, isMutating }] : [],
    ),
    unreadable: read.flatMap(({ parsed, index }) =>
      parsed.success ? [] : [`${type.kind}/${configuration.metadata.name}, entry ${index + 1}`],
    ),
  };
}

/** Names a webhook within its cluster: `kind/configuration/webhook`. */
export function webhookKey({ type, configuration, name }: Pick<Webhook, "type" | "configuration" | "name">): string {
  return `${type.kind}/${configuration.metadata.name}/${name}`;
}

/** The selector that every object satisfies has neither labels nor expressions. */
export function isEverything({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
