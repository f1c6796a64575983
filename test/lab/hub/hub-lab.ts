import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { openDynamoStore } from "../../../runtime/adapters/dynamodb/store.js";
import type { FleetStore, StateStore } from "../../../runtime/ports/index.js";
import { bundleLambdas } from "../../../stacks/bundle.js";
import { startLab, type Lab, type LabOptions } from "../index.js";
import { packagePath } from "../package-path.js";
import { createPulumiWorkspace, type PulumiWorkspace } from "../pulumi/index.js";

export interface HubLabOptions extends LabOptions {
  /** Where the hub lives. */
  readonly region: string;
}

/** A lab whose stack may declare a hub: the engine's `aws` resources go into the emulated cloud, and run there. */
export interface HubLab extends AsyncDisposable {
  readonly lab: Lab;
  readonly stack: PulumiWorkspace;
  /** Ticks come every so many milliseconds from now on. */
  startTicks(everyMs: number): Promise<void>;
  /** No tick comes from now on; what is under way goes on. */
  stopTicks(): Promise<void>;
  /** The hub's table, of the prefix `curfew`; `dueShards` as the stack has it. Ends with the lab. */
  openStore(dueShards: number): FleetStore & StateStore;
  /** What a function of the hub wrote, one text for each line. */
  logs(functionName: string): Promise<readonly string[]>;
}

/** Longer than any test: as good as no tick. */
const NEVER_MS = 86_400_000;

/**
 * Bundles the hub's functions, starts a lab and makes an empty stack of this package for it, in about 15 s. The hub that
 * the stack brings up does not tick before `startTicks`. Everything ends with the disposal.
 */
export async function startHubLab({ region, ...options }: HubLabOptions): Promise<HubLab> {
  const { progress } = options;
  progress?.("bundling the hub's functions …");
  await bundleLambdas();
  await using starting = new AsyncDisposableStack();
  const lab = starting.use(await startLab(options));
  await lab.aws.setTiming({ minuteMs: NEVER_MS });
  const stack = starting.use(
    await createPulumiWorkspace({
      // The hub's table keeps the state.
      environment: { ...lab.environment, AWS_REGION: region, CURFEW_STATE: undefined },
      programs: [packagePath("test", "lab", "aws-plugin")],
      ...(progress && { progress }),
    }),
  );
  const administrator = administratorOf(lab, region);
  const logs = new CloudWatchLogsClient(administrator);
  const dynamodb = new DynamoDBClient(administrator);
  starting.defer(() => [logs, dynamodb].forEach((client) => client.destroy()));
  const running = starting.move();
  return {
    lab,
    stack,
    startTicks: (everyMs) => lab.aws.setTiming({ minuteMs: everyMs }),
    stopTicks: () => lab.aws.setTiming({ minuteMs: NEVER_MS }),
    openStore: (shards) => openDynamoStore({ region, table: "curfew-fleet", shards, client: dynamodb }),
    async logs(functionName) {
      const command = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` });
      const { events = [] } = await logs.send(command);
      return events.map(({ message = "" }) => message.trimEnd());
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** How the hub account's administrator reaches the lab's cloud, past what is counted. */
export const administratorOf = ({ aws, environment }: Lab, region: string) => ({
  region,
  endpoint: aws.uncountedUrl,
  credentials: {
    accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
  },
});
