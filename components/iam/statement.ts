/** One statement of an IAM policy, in IAM's own words. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A whole policy. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** Wraps statements as IAM wants them. */
export const policyDocument = (statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** Allows actions on resources, and on no others. */
export const allow = (
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: Statement["Condition"],
): Statement => ({
  Sid: sid,
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...(condition && { Condition: condition }),
});

/** Lets an AWS service assume a role, on behalf of what `sourceArn` names if it is given (the confused deputy's remedy). */
export function serviceTrust(service: string, sourceArn?: string): PolicyDocument {
  return policyDocument([
    {
      Sid: "Trust",
      Effect: "Allow",
      Principal: { Service: service },
      Action: ["sts:AssumeRole"],
      ...(sourceArn !== undefined && { Condition: { ArnEquals: { "aws:SourceArn": sourceArn } } }),
    },
  ]);
}
