import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { policyDocument } from "../policy-document.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";
import { tagList } from "../tags.js";

export const role = defineResource({
  token: "aws:iam/role:Role",
  nameInput: "name",
  replaceOn: ["name", "path"],
  inputs: z.strictObject({
    tags: COMMON_INPUTS.tags,
    name: z.string().regex(/^[\w+=,.@-]{1,64}$/, "must be 1 to 64 of the characters that IAM allows"),
    path: z.string().optional(),
    description: z.string().max(1_000).optional(),
    assumeRolePolicy: policyDocument(2_048),
    maxSessionDuration: z.number().int().min(3_600).max(43_200).optional(),
    permissionsBoundary: z.string().optional(),
  }),
  async create(inputs, aws) {
    await aws.iam.send(
      new CreateRoleCommand({
        RoleName: inputs.name,
        Path: inputs.path,
        Description: inputs.description,
        AssumeRolePolicyDocument: inputs.assumeRolePolicy,
        MaxSessionDuration: inputs.maxSessionDuration,
        PermissionsBoundary: inputs.permissionsBoundary,
        Tags: tagList(inputs.tags),
      }),
    );
    return { id: inputs.name, outputs: await outputsOf(inputs.name, aws) };
  },
  read: outputsOf,
  async update(name, { assumeRolePolicy, description, maxSessionDuration }, { iam }) {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: assumeRolePolicy }));
    await iam.send(
      new UpdateRoleCommand({ RoleName: name, Description: description, MaxSessionDuration: maxSessionDuration }),
    );
    return undefined;
  },
  remove: (name, { iam }) => iam.send(new DeleteRoleCommand({ RoleName: name })),
});

async function outputsOf(name: string, { iam }: AwsAccount): Promise<Properties> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
  return { name, arn: Role?.Arn, uniqueId: Role?.RoleId };
}
