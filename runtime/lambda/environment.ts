import * as z from "zod";

import { Failure } from "../ports/index.js";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const seconds = (usual: number) => z.coerce.number().int().min(1).default(usual);
const count = (usual: number) => z.coerce.number().int().min(1).default(usual);

/** The function's name is `<hub>-planner-0`, `<hub>-worker-3` or `<hub>-campaign`. */
const HUB_OF_FUNCTION = /^(.+)-(?:planner-\d+|worker-\d+|campaign)$/;

const queueUrls = z
  .string()
  .transform((text, context) => parseJson(text) ?? context.addIssue("is not JSON"))
  .pipe(z.array(z.url()).min(1));

const schema = z
  .object({
    AWS_REGION: z.string().min(1),
    AWS_LAMBDA_FUNCTION_NAME: z.string().default(""),
    CURFEW_TABLE: z.string().min(3),
    CURFEW_SHARDS: count(16),
    CURFEW_PARTITIONS: count(1),
    CURFEW_QUEUE_URLS: queueUrls,
    CURFEW_QUEUE_ASSIGNMENT: z.enum(["region", "account", "hash"]).default("hash"),
    CURFEW_RECHECK_SECONDS: seconds(3600),
    CURFEW_RETRY_AFTER_SECONDS: seconds(900),
    CURFEW_HORIZON_SECONDS: seconds(1800),
    CURFEW_SUMMARY_HOUR: z.coerce.number().int().min(0).max(23).optional(),
    CURFEW_TOPIC_ARN: z.string().optional(),
    CURFEW_BUS_NAME: z.string().optional(),
    CURFEW_ANNOUNCE_SUCCESS: z.stringbool().default(false),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  })
  .transform((env) => ({
    hub: HUB_OF_FUNCTION.exec(env.AWS_LAMBDA_FUNCTION_NAME)?.[1] ?? "curfew",
    region: env.AWS_REGION,
    table: env.CURFEW_TABLE,
    /** Of the due index. */
    shards: env.CURFEW_SHARDS,
    partitions: env.CURFEW_PARTITIONS,
    queueUrls: env.CURFEW_QUEUE_URLS,
    queueAssignment: env.CURFEW_QUEUE_ASSIGNMENT,
    recheckSeconds: env.CURFEW_RECHECK_SECONDS,
    retryAfterSeconds: env.CURFEW_RETRY_AFTER_SECONDS,
    horizonSeconds: env.CURFEW_HORIZON_SECONDS,
    /** From which hour of the day (UTC) the daily summary is told; undefined: it is not. */
    summaryHour: env.CURFEW_SUMMARY_HOUR,
    topicArn: env.CURFEW_TOPIC_ARN,
    busName: env.CURFEW_BUS_NAME,
    tellSuccess: env.CURFEW_ANNOUNCE_SUCCESS,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  }));

/** What the hub's functions are told by whoever deployed them. */
export type HubSettings = Readonly<z.output<typeof schema>>;

/**
 * Reads the environment of a function of the hub; an empty variable counts as unset. Throws `Failure` config-invalid with
 * every problem at once.
 */
export function parseHubEnvironment(environment: Environment): HubSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Failure({
    code: "config-invalid",
    message: `The function's environment is wrong: ${parsed.error.issues.map(wording).join("; ")}.`,
    remedy: "Deploy the hub again with pulumi up, or correct these variables.",
  });
}

function wording({ path, message }: z.core.$ZodIssue): string {
  return `${path.join(".")}: ${message}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
