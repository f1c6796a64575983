import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { policyDocument } from "../policy-document.js";
import { defineResource } from "../resource-type.js";

const INPUTS = z.strictObject({ name: z.string().max(128), role: z.string(), policy: policyDocument(10_240) });

export const rolePolicy = defineResource({
  token: "aws:iam/rolePolicy:RolePolicy",
  nameInput: "name",
  replaceOn: ["name", "role"],
  inputs: INPUTS,
  async create(inputs, aws) {
    await put(inputs, aws);
    return { id: `${inputs.role}:${inputs.name}`, outputs: {} };
  },
  async read(id, { iam }) {
    await iam.send(new GetRolePolicyCommand(partsOf(id)));
    return {};
  },
  async update(_id, inputs, aws) {
    await put(inputs, aws);
    return {};
  },
  remove: (id, { iam }) => iam.send(new DeleteRolePolicyCommand(partsOf(id))),
});

const put = ({ role, name, policy }: z.output<typeof INPUTS>, { iam }: AwsAccount) =>
  iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy }));

function partsOf(id: string): { readonly RoleName: string; readonly PolicyName: string } {
  const [RoleName = "", PolicyName = ""] = id.split(":");
  return { RoleName, PolicyName };
}
