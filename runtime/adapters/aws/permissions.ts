import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClusterAccess, ClusterIdentity, PermissionQuestion, Prospects } from "../../ports/index.js";
import { createArns, type Arns } from "./arns.js";
import type { AskAws } from "./ask-aws.js";
import type { AwsClients } from "./clients.js";
import { queryIam } from "./query-iam.js";
import { readDecisions, type Decision } from "./simulated-decisions.js";
import { findXml, xmlText } from "./xml-tree.js";

/** Asks IAM to simulate calls by the identity that Curfew works as. Tags that policies ask for are told with it. */
export function createPermissions(
  identity: ClusterIdentity,
  access: ClusterAccess,
  { credentials }: AwsClients,
  ask: AskAws,
): Prospects["permissions"] {
  const arns = createArns(identity);

  async function principal(): Promise<string> {
    if (access.roleArn !== undefined) return access.roleArn;
    const sts = new STSClient({ region: identity.region, credentials });
    try {
      const { Arn = "" } = await ask("sts:GetCallerIdentity", () => sts.send(new GetCallerIdentityCommand({})));
      return arns.principalOf(Arn);
    } finally {
      sts.destroy();
    }
  }

  /** All actions of one kind of resource in one simulation, page by page. */
  async function simulate(source: string, questions: readonly PermissionQuestion[]): Promise<readonly Decision[]> {
    const fields = {
      Action: "SimulatePrincipalPolicy",
      PolicySourceArn: source,
      ...listed("ActionNames", [...new Set(questions.map(({ action }) => action))]),
      ...listed("ResourceArns", resourcesOf(questions, arns)),
      ...tagContext(identity.name),
    };
    const decisions: Decision[] = [];
    let marker: string | undefined;
    do {
      const page = { ...fields, ...(marker && { Marker: marker }) };
      const document = await ask("iam:SimulatePrincipalPolicy", () => queryIam(identity.region, credentials, page));
      const result = findXml(document, "SimulatePrincipalPolicyResponse", "SimulatePrincipalPolicyResult");
      decisions.push(...(result ? readDecisions(result) : []));
      marker = result && xmlText(result, "IsTruncated") === "true" ? xmlText(result, "Marker") : undefined;
    } while (marker);
    return decisions;
  }

  return async (questions) => {
    if (questions.length === 0) return [];
    const source = await principal();
    const decisions: Decision[] = [];
    for (const batch of Map.groupBy(questions, kindOf).values()) decisions.push(...(await simulate(source, batch)));
    return questions.map((question) => ({ ...question, verdict: verdictOf(question, decisions, arns) }));
  };
}

/** Actions and resources of one simulation are all combined, so only like is asked together. */
function kindOf({ on }: PermissionQuestion): string {
  return typeof on === "string" ? on : on.kind;
}

function resourcesOf(questions: readonly PermissionQuestion[], arns: Arns): readonly string[] {
  return [...new Set(questions.map(({ on }) => arns.resourceOf(on)))].filter((arn) => arn !== "*");
}

/** What IAM said of this very resource, else of the action as a whole. */
function verdictOf(
  { action, on }: PermissionQuestion,
  decisions: readonly Decision[],
  arns: Arns,
): Decision["verdict"] {
  const said = decisions.filter((decision) => decision.action.toLowerCase() === action.toLowerCase());
  const resource = arns.resourceOf(on);
  return (said.find((decision) => decision.resource === resource) ?? said[0])?.verdict ?? "undecided";
}

/** Our own spoke roles ask for `curfew:managed`. It is told as if it were set, so a group that lacks it shows at the first change only. */
function tagContext(clusterName: string): Readonly<Record<string, string>> {
  const tags = { [`kubernetes.io/cluster/${clusterName}`]: "owned", "curfew:managed": "true" };
  const entries = Object.entries(tags).flatMap(([tag, value], index) => {
    const entry = `ContextEntries.member.${index + 1}`;
    return [
      [`${entry}.ContextKeyName`, `aws:ResourceTag/${tag}`],
      [`${entry}.ContextKeyType`, "string"],
      [`${entry}.ContextKeyValues.member.1`, value],
    ];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function listed(name: string, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((value, index) => [`${name}.member.${index + 1}`, value]));
}
