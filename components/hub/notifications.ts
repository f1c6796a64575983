import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as sns from "@pulumi/aws/sns/index.js";
import * as pulumi from "@pulumi/pulumi";

import type { HubNames } from "./names.js";

export interface NotificationsArgs {
  readonly names: Pick<HubNames, "topic" | "bus">;
  readonly region: string;
}

/** How the hub speaks: a topic for people, which alarms use as well, and a bus for programs. Nobody is subscribed yet. */
export class Notifications extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  readonly busArn: pulumi.Output<string>;
  readonly busName: pulumi.Output<string>;

  constructor(name: string, { names, region }: NotificationsArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:Notifications", name, {}, options);
    const topic = new sns.Topic(names.topic, { name: names.topic, region }, { parent: this });
    const bus = new cloudwatch.EventBus(names.bus, { name: names.bus, region }, { parent: this });
    this.topicArn = topic.arn;
    this.busArn = bus.arn;
    this.busName = bus.name;
    this.registerOutputs({ topicArn: this.topicArn, busArn: this.busArn, busName: this.busName });
  }
}
