import * as dynamodb from "@pulumi/aws/dynamodb/index.js";
import * as pulumi from "@pulumi/pulumi";

import type { HubSettings } from "../../runtime/config/index.js";
import { HUB_TABLE } from "../../runtime/ports/hub-table.js";

export interface HubTableArgs extends Pick<HubSettings, "region" | "deletionProtection"> {
  readonly tableName: string;
  readonly warmThroughput?: HubSettings["warmThroughput"];
  /** A customer managed key; without one DynamoDB encrypts with AWS's own. */
  readonly kmsKeyArn?: pulumi.Input<string> | undefined;
}

/** The hub's one table: on demand, recoverable to any second of 35 days, and kept from deletion unless told otherwise. */
export class HubTable extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly indexArns: pulumi.Output<readonly string[]>;
  readonly tableName: pulumi.Output<string>;
  /** For whoever must come after it and go before it. */
  readonly table: pulumi.Resource;

  constructor(name: string, args: HubTableArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:HubTable", name, {}, options);
    const warmThroughput = args.warmThroughput && {
      readUnitsPerSecond: args.warmThroughput.readsPerSecond,
      writeUnitsPerSecond: args.warmThroughput.writesPerSecond,
    };
    const table = new dynamodb.Table(
      name,
      {
        name: args.tableName,
        region: args.region,
        billingMode: "PAY_PER_REQUEST",
        hashKey: HUB_TABLE.hashKey,
        rangeKey: HUB_TABLE.rangeKey,
        attributes: HUB_TABLE.attributes.map((attribute) => ({ ...attribute })),
        globalSecondaryIndexes: HUB_TABLE.indexes.map((index) => indexOf(index, warmThroughput)),
        ttl: { enabled: true, attributeName: HUB_TABLE.timeToLiveAttribute },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: args.deletionProtection,
        ...(args.kmsKeyArn !== undefined && { serverSideEncryption: { enabled: true, kmsKeyArn: args.kmsKeyArn } }),
        ...(warmThroughput && { warmThroughput }),
      },
      { parent: this },
    );
    this.table = table;
    this.arn = table.arn;
    this.indexArns = table.arn.apply((arn) => HUB_TABLE.indexes.map((index) => `${arn}/index/${index.name}`));
    this.tableName = table.name;
    this.registerOutputs({ arn: this.arn, tableName: this.tableName });
  }
}

interface Units {
  readonly readUnitsPerSecond: number;
  readonly writeUnitsPerSecond: number;
}

/** An index that follows every write is warmed like its table: a cold one would hold the table back (aws.md §6). */
function indexOf({ name, hashKey, rangeKey, projection }: Index, warmThroughput: Units | undefined) {
  return {
    name,
    keySchemas: [
      { attributeName: hashKey, keyType: "HASH" },
      { attributeName: rangeKey, keyType: "RANGE" },
    ],
    projectionType: projection,
    ...(warmThroughput && projection === "ALL" && { warmThroughput }),
  };
}

type Index = (typeof HUB_TABLE)["indexes"][number];
