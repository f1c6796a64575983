import { allow, type Statement } from "./statement.js";

/** What the hub's roles work on: exact ARNs, all of them the hub's own but the roles to assume. */
export interface HubResources {
  readonly tableArn: string;
  /** ARNs of the table's indexes. */
  readonly indexArns: readonly string[];
  readonly queueArns: readonly string[];
  /** Where ticks go that came to nothing. */
  readonly missedTicksArn: string;
  readonly topicArn: string;
  readonly busArn: string;
  /** ARN pattern of the spoke roles: one fixed name, in whatever account. */
  readonly spokeRoles: string;
  /** The table's customer managed key; null: AWS's own key. */
  readonly tableKeyArn: string | null;
}

/** What every store call is made of; a transaction needs the rights of its parts. */
const READ_ITEMS = ["dynamodb:GetItem", "dynamodb:BatchGetItem"];
const QUERY = ["dynamodb:Query"];
const WRITE_ITEMS = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"];

/** What DynamoDB does with a customer managed key in the name of whoever reads and writes. */
const USE_KEY = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"];

/** The planner reads what is due, claims it and sends it. It gets into no account. */
export function plannerStatements(hub: HubResources): readonly Statement[] {
  return [
    ...tableStatements(hub),
    allow("Send", ["sqs:SendMessage"], [...hub.queueArns, hub.missedTicksArn]),
    ...announcing(hub),
  ];
}

/** The worker takes from its queues, sends continuations, and assumes the spoke role of the cluster's account. */
export function workerStatements(hub: HubResources): readonly Statement[] {
  return [
    ...tableStatements(hub),
    allow(
      "Work",
      [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:SendMessage",
      ],
      hub.queueArns,
    ),
    allow("Assume", ["sts:AssumeRole"], [hub.spokeRoles]),
    ...announcing(hub),
  ];
}

/** The campaign function sets holds and asks how clusters stand. It gets into no account and no queue. */
export function campaignStatements(
  hub: Pick<HubResources, "tableArn" | "indexArns" | "tableKeyArn">,
): readonly Statement[] {
  return tableStatements(hub);
}

/**
 * Step Functions asks the campaign function, and starts, ends and redrives the children of Distributed Maps, which are
 * executions of the machine itself.
 */
export function campaignMachineStatements(functionArn: string, machineArn: string): readonly Statement[] {
  const executions = machineArn.replace(":stateMachine:", ":execution:");
  return [
    allow("Ask", ["lambda:InvokeFunction"], [functionArn]),
    allow("Fan", ["states:StartExecution"], [machineArn]),
    allow("Follow", ["states:DescribeExecution", "states:StopExecution"], [`${executions}:*`, `${executions}/*`]),
    allow("Redrive", ["states:RedriveExecution"], [`${executions}/*`]),
  ];
}

/** EventBridge Scheduler wakes the planners and puts away what it could not deliver. */
export function tickStatements(plannerArns: readonly string[], missedTicksArn: string): readonly Statement[] {
  return [
    allow("Tick", ["lambda:InvokeFunction"], plannerArns),
    allow("PutAway", ["sqs:SendMessage"], [missedTicksArn]),
  ];
}

/** Functions write to their own log groups, which exist already. */
export function loggingStatements(logGroupArns: readonly string[]): readonly Statement[] {
  const streams = logGroupArns.map((arn) => `${arn}:*`);
  return [allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], streams)];
}

function tableStatements({
  tableArn,
  indexArns,
  tableKeyArn,
}: Pick<HubResources, "tableArn" | "indexArns" | "tableKeyArn">): readonly Statement[] {
  return [
    allow("Read", READ_ITEMS, [tableArn]),
    allow("Query", QUERY, [tableArn, ...indexArns]),
    allow("Write", WRITE_ITEMS, [tableArn]),
    ...(tableKeyArn === null ? [] : [allow("Key", USE_KEY, [tableKeyArn], { StringLike: VIA_DYNAMODB })]),
  ];
}

const VIA_DYNAMODB = { "kms:ViaService": "dynamodb.*.amazonaws.com" };

function announcing({ topicArn, busArn }: HubResources): readonly Statement[] {
  return [allow("Announce", ["sns:Publish"], [topicArn]), allow("Emit", ["events:PutEvents"], [busArn])];
}
