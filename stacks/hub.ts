import type { Output, Resource } from "@pulumi/pulumi";

import { Hub, SpokeRoles } from "../components/index.js";
import type { HubDeclaration, SpokeSettings } from "../runtime/config/index.js";

/** What the stack exports of its hub. */
export interface HubRow {
  /** Where people's tools find the hub's state, e.g. as `CURFEW_STATE`. */
  readonly state: string;
  readonly workerRoleArn: Output<string>;
  readonly topicArn: Output<string>;
  readonly busName: Output<string>;
  readonly queueUrls: Output<readonly string[]>;
}

export interface DeclaredHub {
  readonly row: HubRow;
  /** What must be there before a schedule can be registered. */
  readonly table: Resource;
}

/** Stamps the hub that config declares, and the spoke roles if it names organisational units. */
export function declareHub(declaration: HubDeclaration): DeclaredHub {
  const { enabled: _, converge: __, spokes, kmsKeyArn, otlpEndpoint, ...sizes } = declaration;
  const hub = new Hub(sizes.prefix, {
    ...sizes,
    ...(spokes !== undefined && { spokeRoleName: spokes.roleName }),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    ...(otlpEndpoint !== undefined && { otlpEndpoint }),
  });
  if (spokes !== undefined) declareSpokes(hub, spokes, sizes);
  const { state, table, workerRoleArn, topicArn, busName, queueUrls } = hub;
  return { row: { state, workerRoleArn, topicArn, busName, queueUrls }, table };
}

function declareSpokes(
  { workerRoleArn }: Hub,
  spokes: SpokeSettings,
  { prefix, region }: Pick<HubDeclaration, "prefix" | "region">,
): void {
  const stackSetName = `${prefix}-spokes`;
  new SpokeRoles(stackSetName, { ...spokes, stackSetName, region, trusted: [workerRoleArn] });
}
