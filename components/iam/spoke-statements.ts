import { relayFunctionName } from "../../runtime/ports/index.js";
import { actionsOf, readActions, writeActions, type Capability, type SpokeActions } from "./spoke-actions.js";
import { allow, type Statement } from "./statement.js";

/** Where a spoke role lives. Each part may be a placeholder of the template that it ends up in. */
export interface SpokePlace {
  readonly partition: string;
  readonly account: string;
  readonly roleName: string;
}

/** What only some accounts need. */
export interface SpokeExtras {
  /** Whether clusters of the account are reached through relay functions (`PrivateDrain`). Default no. */
  readonly privateDrain?: boolean;
}

/** A cluster's node groups and Auto Scaling groups must carry it, with the value `true`, before Curfew may change them. */
const MANAGED_TAG = "curfew:managed";
/** Whatever carries it, with any value, Curfew cannot change. */
const NEVER_TAG = "curfew:never";

/**
 * What the role in a spoke account allows: reads of all clusters, changes of those with `curfew:managed: "true"`, and no
 * change of anything with `curfew:never`, whatever else allows it. No change is allowed on `*`. Pure.
 */
export function spokeStatements(
  capability: Capability,
  place: SpokePlace,
  { privateDrain = false }: SpokeExtras = {},
): readonly Statement[] {
  const writes = writeActions(capability);
  const changes = actionsOf(writes);
  return [
    ...statementsOf("Read", readActions(), place),
    ...statementsOf("Change", writes, place, { StringEquals: { [`aws:ResourceTag/${MANAGED_TAG}`]: "true" } }),
    ...(capability === "full-cycle" ? [passStatement(place)] : []),
    ...(changes.length === 0 ? [] : [neverStatement(changes)]),
    ...(privateDrain ? [relayStatement(place)] : []),
  ];
}

/** A relay does nothing by itself: what is asked through it, the cluster allows or forbids by the token that comes along. */
function relayStatement({ partition, account }: SpokePlace): Statement {
  const relays = `arn:${partition}:lambda:*:${account}:function:${relayFunctionName("*")}`;
  return allow("Relay", ["lambda:InvokeFunction"], [relays]);
}

/** The built-in pools of Auto Mode come back with the nodes' role, which EKS lets nobody name who may not pass it. */
function passStatement({ partition, account }: SpokePlace): Statement {
  const toEks = { StringEquals: { "iam:PassedToService": "eks.amazonaws.com" } };
  return allow("PassNodeRole", ["iam:PassRole"], [`arn:${partition}:iam::${account}:role/*`], toEks);
}

/** Runs on everything, and so needs no list of its own to stay complete. */
function neverStatement(changes: readonly string[]): Statement {
  const Condition = { Null: { [`aws:ResourceTag/${NEVER_TAG}`]: "false" } };
  return { Sid: "Never", Effect: "Deny", Action: changes, Resource: ["*"], Condition };
}

function statementsOf(
  verb: string,
  actions: SpokeActions,
  place: SpokePlace,
  condition?: Statement["Condition"],
): readonly Statement[] {
  const resources = resourcesOf(place);
  return (Object.keys(resources) as (keyof SpokeActions)[])
    .filter((kind) => actions[kind].length > 0)
    .map((kind) => allow(`${verb}${kind.slice(2)}`, actions[kind], resources[kind], condition));
}

function resourcesOf({ partition, account, roleName }: SpokePlace): Readonly<Record<keyof SpokeActions, string[]>> {
  const eks = (resource: string) => `arn:${partition}:eks:*:${account}:${resource}`;
  const cluster = eks("cluster/*");
  const nodeGroup = eks("nodegroup/*/*/*");
  return {
    onCluster: [cluster],
    onNodeGroup: [nodeGroup],
    onAddOn: [eks("addon/*/*/*")],
    onUpdate: [cluster, nodeGroup],
    onAutoScalingGroup: [`arn:${partition}:autoscaling:*:${account}:autoScalingGroup:*:autoScalingGroupName/*`],
    onAnything: ["*"],
    onOwnRole: [`arn:${partition}:iam::${account}:role/${roleName}`],
  };
}
