import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { EC2Client, LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import type { AskAws } from "./ask-aws.js";
import { readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";

/** Which version of which launch template a group uses. */
export interface Template {
  /** Its id, else its name. */
  readonly key: string;
  readonly isId: boolean;
  readonly version: string;
}

/** The group's own, or that of its policy of mixed instances; null when it has none. */
export function templateOf({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup): Template | null {
  const template = LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  const key = template?.LaunchTemplateId ?? template?.LaunchTemplateName;
  if (key === undefined) return null;
  return { key, isId: template?.LaunchTemplateId !== undefined, version: template?.Version ?? "$Default" };
}

/** The version that a group names; null when it or its template does not exist any more. */
export function readTemplate(
  template: Template,
  ec2: AwsClients["ec2"],
  ask: AskAws,
): Promise<LaunchTemplateVersion | null> {
  return ask("ec2:DescribeLaunchTemplateVersions", async () => describe(template, await ec2()));
}

async function describe({ key, isId, version }: Template, ec2: EC2Client): Promise<LaunchTemplateVersion | null> {
  const { DescribeLaunchTemplateVersionsCommand } = await import("@aws-sdk/client-ec2");
  const named = isId ? { LaunchTemplateId: key } : { LaunchTemplateName: key };
  try {
    const request = new DescribeLaunchTemplateVersionsCommand({ ...named, Versions: [version] });
    const { LaunchTemplateVersions = [] } = await ec2.send(request);
    return LaunchTemplateVersions[0] ?? null;
  } catch (error) {
    if (/^InvalidLaunchTemplate\w*\.(NotFound|VersionNotFound)/.test(readAwsFault(error).name)) return null;
    throw error;
  }
}
