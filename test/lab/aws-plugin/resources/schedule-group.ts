import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
} from "@aws-sdk/client-scheduler";
import { z } from "zod";

import { COMMON_INPUTS, defineResource } from "../resource-type.js";
import { tagList } from "../tags.js";

export const scheduleGroup = defineResource({
  token: "aws:scheduler/scheduleGroup:ScheduleGroup",
  nameInput: "name",
  replaceOn: ["name"],
  inputs: z.strictObject({ ...COMMON_INPUTS, name: z.string().regex(/^[\w.-]{1,64}$/) }),
  async create({ name, tags }, { scheduler }) {
    const { ScheduleGroupArn } = await scheduler.send(
      new CreateScheduleGroupCommand({ Name: name, Tags: tagList(tags) }),
    );
    return { id: name, outputs: { name, arn: ScheduleGroupArn, state: "ACTIVE" } };
  },
  async read(name, { scheduler }) {
    const { Arn, State } = await scheduler.send(new GetScheduleGroupCommand({ Name: name }));
    return { name, arn: Arn, state: State };
  },
  remove: (name, { scheduler }) => scheduler.send(new DeleteScheduleGroupCommand({ Name: name })),
});
