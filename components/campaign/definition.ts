/** Between two looks at a cluster. */
const LOOK_EVERY_SECONDS = 30;

/** What DynamoDB's or Lambda's bad moments are called. Whatever else goes wrong would go wrong again. */
const PASSING = [
  "store-unavailable",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "States.Timeout",
];
const RETRY = [
  {
    ErrorEquals: PASSING,
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 6,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  },
];

/** A cluster that is gone or excluded, or that a person holds otherwise since: it does not count as failed. */
const LEAVE_OUT = [
  { ErrorEquals: ["cluster-unknown", "cluster-excluded", "cancelled"], ResultPath: null, Next: "LeftOut" },
];
/** All clusters of a group wait side by side: how fast they go is the hub's to say. AWS allows no more. */
const CHILDREN_AT_ONCE = 10_000;
/** AWS's outputs of all children must fit into 256 KB together. */
const NO_OUTPUT = { Type: "Succeed", OutputPath: null };

/**
 * A campaign as Amazon States Language, for a Standard state machine around the function of runtime/lambda/campaign.ts. Pure.
 *
 * Groups come one after another. The clusters of one are children of a Distributed Map, each of which sets the cluster's hold
 * and then asks the table until the hub has carried it out: nothing here touches a cluster. A child fails with one of our
 * failure codes; when more than the tolerated share has failed, the Map Run fails, and with it the campaign, before the next
 * group begins.
 *
 * A campaign that failed or was stopped goes on where it was by Step Functions' own redrive, within 14 days: "Redrive" in the
 * console, or `aws stepfunctions redrive-execution --execution-arn ARN`. Children that succeeded are left alone; one that
 * failed has its hold noted anew, which gives it the hub's attempts and its whole deadline again.
 */
export function campaignDefinition(functionArn: string): string {
  const task = taskOf(functionArn);
  const group = {
    ProcessorConfig: { Mode: "INLINE" },
    StartAt: "Clusters",
    States: {
      Clusters: {
        Type: "Map",
        Label: "clusters",
        ItemsPath: "$.clusters",
        ItemSelector: {
          "clusterId.$": "$$.Map.Item.Value",
          "hold.$": "$.hold",
          "deadlineSeconds.$": "$.deadlineSeconds",
        },
        ItemProcessor: clusterMachine(task),
        MaxConcurrency: CHILDREN_AT_ONCE,
        ToleratedFailurePercentagePath: "$.toleratedFailurePercentage",
        OutputPath: null,
        End: true,
      },
    },
  };
  return JSON.stringify({
    Comment: "Curfew: keeps many clusters in one state, group after group",
    StartAt: "Plan",
    States: {
      Plan: { ...task("plan", { "order.$": "$" }), Next: "Groups" },
      Groups: {
        Type: "Map",
        ItemsPath: "$.groups",
        ItemSelector: {
          "clusters.$": "$$.Map.Item.Value.clusters",
          "hold.$": "$.hold",
          "deadlineSeconds.$": "$.deadlineSeconds",
          "toleratedFailurePercentage.$": "$.toleratedFailurePercentage",
        },
        ItemProcessor: group,
        MaxConcurrency: 1,
        OutputPath: null,
        End: true,
      },
    },
  });
}

type Task = ReturnType<typeof taskOf>;

/** One action of the function. */
const taskOf = (functionArn: string) => (action: string, parameters: object) => ({
  Type: "Task",
  Resource: functionArn,
  Parameters: { action, ...parameters },
  TimeoutSeconds: 60,
  Retry: RETRY,
});

/** What becomes of one cluster. */
function clusterMachine(task: Task) {
  const target = { "clusterId.$": "$.clusterId", "hold.$": "$.hold" };
  const since = {
    "begunAt.$": "$.begin.begunAt",
    "deadlineSeconds.$": "$.deadlineSeconds",
    "execution.$": "$$.Execution",
  };
  return {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    StartAt: "Begin",
    States: {
      Begin: { ...task("begin", target), Catch: LEAVE_OUT, ResultPath: "$.begin", Next: "Look" },
      Look: { ...task("look", { ...target, ...since }), Catch: LEAVE_OUT, ResultPath: "$.look", Next: "IsThere" },
      IsThere: {
        Type: "Choice",
        Choices: [{ Variable: "$.look.isThere", BooleanEquals: true, Next: "There" }],
        Default: "Wait",
      },
      Wait: { Type: "Wait", Seconds: LOOK_EVERY_SECONDS, Next: "Look" },
      There: NO_OUTPUT,
      LeftOut: NO_OUTPUT,
    },
  };
}
