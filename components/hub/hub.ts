import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_ROLE, hubState, type HubSettings, type HubSettingsInput } from "../../runtime/config/index.js";
import { bundlesFolder } from "../bundles-folder.js";
import { AccountDashboard } from "./account-dashboard.js";
import { Alarms, hubAlarms } from "./alarms.js";
import { Campaigns } from "./campaigns.js";
import { FleetDashboard } from "./dashboard.js";
import { hubEnvironment } from "./environment.js";
import { HubFunctions } from "./functions.js";
import { hubNames } from "./names.js";
import { Notifications } from "./notifications.js";
import { deadLetterQueue, WorkQueue } from "./queue.js";
import { HubRoles } from "./roles.js";
import { acceptSettings } from "./settings.js";
import { visibilitySeconds } from "./sizes.js";
import { HubTable } from "./table.js";

/** What a hub is made with. Sizes are plain, because the number of its parts follows from them. */
export interface HubArgs extends HubSettingsInput {
  /** Name of the role that the hub assumes in every account; `curfew-spoke` unless told otherwise. */
  readonly spokeRoleName?: string;
  /** Folder of the bundles `planner`, `worker` and `campaign`, relative to the project's; this package's unless told otherwise. */
  readonly bundles?: string;
  /** A customer managed key for the table. Its policy must let the hub's roles use it through DynamoDB. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Where traces and metrics go. */
  readonly otlpEndpoint?: pulumi.Input<string>;
  /** Topics that alarms tell beside the hub's own. */
  readonly alarmTopicArns?: readonly pulumi.Input<string>[];
}

/**
 * The hub: ticks wake planners, planners claim what is due in the table and send it to the work queues, workers assume
 * the spoke roles and take the clusters to where they should be. All physical names follow from `prefix` and `region`.
 * Throws a `RunError` that names every setting that is wrong.
 */
export class Hub extends pulumi.ComponentResource {
  /** What it was made with, complete; for what is declared beside it. */
  readonly settings: HubSettings;
  /** The address of its table as a state store, for `ClusterSchedule`; known before anything exists. */
  readonly state: string;
  /** For schedules to depend on, which come after it and go before it. The whole hub would be a long list in each. */
  readonly table: pulumi.Resource;
  /** Whom the spoke roles trust. */
  readonly workerRoleArn: pulumi.Output<string>;
  readonly topicArn: pulumi.Output<string>;
  readonly busName: pulumi.Output<string>;
  readonly queueUrls: pulumi.Output<readonly string[]>;

  constructor(name: string, args: HubArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:Hub", name, {}, options);
    const { spokeRoleName = DEFAULT_ROLE, bundles = bundlesFolder(), kmsKeyArn, otlpEndpoint, ...rest } = args;
    const { alarmTopicArns = [], ...sizes } = rest;
    const settings = acceptSettings(sizes);
    const names = hubNames(settings);
    const { prefix, region } = settings;
    const own = { parent: this };

    const table = new HubTable(names.table, { ...settings, tableName: names.table, kmsKeyArn }, own);
    const { arn: missedTicksArn } = deadLetterQueue(names.missedTicks, region, this);
    const visibleAfterSeconds = visibilitySeconds(settings.workers);
    const queues = names.queues.map(
      (pair) => new WorkQueue(pair.queue, { names: pair, region, visibleAfterSeconds }, own),
    );
    const queueArns = queues.map(({ arn }) => arn);
    const { topicArn, busArn, busName } = new Notifications(`${prefix}-notifications`, { names, region }, own);
    const reach = { table, queueArns, missedTicksArn, topicArn, busArn, kmsKeyArn };
    const roles = new HubRoles(`${prefix}-roles`, { names, region, spokeRoleName, ...reach }, own);
    const queueUrls = pulumi.all(queues.map(({ url }) => url));
    const { tableName } = table;
    const environment = hubEnvironment({ settings, tableName, queueUrls, topicArn, busName, otlpEndpoint });
    new HubFunctions(
      `${prefix}-functions`,
      {
        names,
        settings,
        bundles,
        environment,
        plannerRoleArn: roles.plannerArn,
        workerRoleArn: roles.workerArn,
        queueArns,
        missedTicksArn,
      },
      own,
    );
    if (settings.campaigns)
      new Campaigns(names.campaigns, { names, settings, bundles, environment, table, kmsKeyArn }, own);
    const topicArns = [topicArn, ...alarmTopicArns];
    new Alarms(`${prefix}-alarms`, { alarms: hubAlarms(names, settings), prefix, region, topicArns }, own);
    new FleetDashboard(`${prefix}-dashboard`, { names, region }, own);
    for (const account of settings.accountDashboards)
      new AccountDashboard(`${prefix}-dashboard-${account}`, { names, region, account }, own);

    this.settings = settings;
    this.state = hubState(settings);
    this.table = table.table;
    this.workerRoleArn = roles.workerArn;
    this.topicArn = topicArn;
    this.busName = busName;
    this.queueUrls = queueUrls;
    this.registerOutputs({ state: this.state, workerRoleArn: this.workerRoleArn, topicArn, busName, queueUrls });
  }
}
