import { randomUUID } from "node:crypto";

import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";

import { COMMON_INPUTS, defineResource } from "../resource-type.js";

const { region } = COMMON_INPUTS;

export const lambdaPermission = defineResource({
  token: "aws:lambda/permission:Permission",
  replaceOn: ["statementId", "action", "function", "principal", "sourceArn", "sourceAccount", "principalOrgId"],
  inputs: z.strictObject({
    region,
    statementId: z.string().optional(),
    action: z.string().startsWith("lambda:"),
    function: z.string(),
    principal: z.string(),
    sourceArn: z.string().optional(),
    sourceAccount: z.string().optional(),
    principalOrgId: z.string().optional(),
  }),
  async create(inputs, { lambda }) {
    const StatementId = inputs.statementId ?? `lab-${randomUUID()}`;
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: inputs.function,
        StatementId,
        Action: inputs.action,
        Principal: inputs.principal,
        SourceArn: inputs.sourceArn,
        SourceAccount: inputs.sourceAccount,
        PrincipalOrgID: inputs.principalOrgId,
      }),
    );
    return { id: `${inputs.function}/${StatementId}`, outputs: { statementId: StatementId } };
  },
  async read(id, { lambda }) {
    const [FunctionName, statementId] = partsOf(id);
    const { Policy = "" } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    return Policy.includes(`"${statementId}"`) ? { statementId } : undefined;
  },
  remove(id, { lambda }) {
    const [FunctionName, StatementId] = partsOf(id);
    return lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
  },
});

function partsOf(id: string): readonly [functionName: string, statementId: string] {
  const end = id.lastIndexOf("/");
  return [id.slice(0, end), id.slice(end + 1)];
}
