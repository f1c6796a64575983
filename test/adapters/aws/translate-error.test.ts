import assert from "node:assert/strict";
import { translateAwsError } from "../../../runtime/adapters/aws/translate-error.js";
import { Failure, type FailureCode } from "../../../runtime/ports/index.js";

const CLUSTER = { account: "111111111111", region: "eu-west-1", name: "payments" };
const ROLE = { roleArn: "arn:aws:iam::111111111111:role/spoke" };

function awsError(name: string, message: string, httpStatusCode?: number, code?: string): Error {
  return Object.assign(new Error(message), { name, code, ...(httpStatusCode && { $metadata: { httpStatusCode } }) });
}

const CASES: readonly (readonly [that: string, error: Error, code: FailureCode])[] = [
  [
    "an expired token",
    awsError("ExpiredTokenException", "The security token included in the request is expired", 403),
    "credentials-expired",
  ],
  [
    "an SSO session that ended",
    awsError("CredentialsProviderError", "The SSO session associated with this profile has expired."),
    "credentials-expired",
  ],
  [
    "no credentials at all",
    awsError("CredentialsProviderError", "Could not load credentials from any providers"),
    "credentials-missing",
  ],
  [
    "unknown keys",
    awsError("UnrecognizedClientException", "The security token included in the request is invalid", 403),
    "credentials-missing",
  ],
  [
    "a wrong secret or clock",
    awsError("SignatureDoesNotMatch", "Signature not yet current", 403),
    "credentials-missing",
  ],
  [
    "a clock that is minutes off",
    awsError(
      "InvalidSignatureException",
      "Signature expired: 20260105T190000Z is now earlier than 20260105T190200Z (20260105T190700Z - 5 min.)",
      403,
    ),
    "credentials-missing",
  ],
  [
    "a Region that is not enabled, as STS and EC2 see it",
    awsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    "credentials-missing",
  ],
  [
    "a Region or service that the account has not opted in to",
    awsError("OptInRequired", "You are not subscribed to this service. Please go to http://aws.amazon.com.", 401),
    "permission-denied",
  ],
  [
    "an account without a subscription",
    awsError("SubscriptionRequiredException", "The AWS Access Key Id needs a subscription for the service", 400),
    "permission-denied",
  ],
  [
    "a suspended account",
    awsError("Blocked", "This account is currently blocked and not recognized as a valid account.", 403),
    "permission-denied",
  ],
  [
    "an account that is suspended by its message alone",
    awsError("ClientException", "Your account is suspended.", 400),
    "permission-denied",
  ],
  [
    "an account that AWS has not verified yet",
    awsError("PendingVerification", "Your request for accessing resources in this region is being validated", 400),
    "permission-denied",
  ],
  ["a missing permission", awsError("AccessDeniedException", "not authorized", 403), "permission-denied"],
  ["EKS throttling", awsError("ThrottlingException", "Rate exceeded", 400), "throttled"],
  ["EC2 throttling inside EKS", awsError("InvalidRequestException", "Request limit exceeded.", 400), "throttled"],
  [
    "a cluster that is not there",
    awsError("ResourceNotFoundException", "No cluster found for name: payments.", 404),
    "cluster-not-found",
  ],
  ["a server's fault", awsError("ServerException", "internal", 500), "unavailable"],
  [
    "a Region that does not exist",
    awsError("Error", "getaddrinfo ENOTFOUND eks.mars-1.amazonaws.com", undefined, "ENOTFOUND"),
    "unavailable",
  ],
  ["no answer in time", awsError("TimeoutError", "Request did not complete"), "unavailable"],
  ["what nobody foresaw", awsError("ClientException", "odd", 400), "unavailable"],
];

describe("translating AWS errors", () => {
  for (const [that, error, code] of CASES) {
    it(`calls ${that} ${code}, with a remedy`, () => {
      const failure = translateAwsError(error, { action: "eks:DescribeCluster", access: ROLE, cluster: CLUSTER });
      assert.equal(failure.code, code);
      assert.match(failure.remedy, /\w.*\.$/);
      assert.equal(failure.cause, error);
    });
  }

  it("names who may not do what", () => {
    const failure = translateAwsError(awsError("AccessDeniedException", "no", 403), {
      action: "eks:UpdateNodegroupConfig",
      access: ROLE,
      cluster: CLUSTER,
    });
    assert.equal(failure.message, "arn:aws:iam::111111111111:role/spoke may not eks:UpdateNodegroupConfig: no.");
  });

  it("takes any refusal of AssumeRole as the role's", () => {
    for (const error of [awsError("AccessDenied", "no", 403), awsError("RegionDisabledException", "STS is off", 403)]) {
      assert.equal(translateAwsError(error, { action: "sts:AssumeRole", access: ROLE }).code, "role-refused");
    }
  });

  it("names the Region that may be off, also when only a role is asked for", () => {
    const cluster = { action: "ec2:DescribeInstances", access: ROLE, cluster: CLUSTER };
    for (const name of ["OptInRequired", "InvalidClientTokenId", "UnrecognizedClientException"]) {
      assert.match(translateAwsError(awsError(name, "no", 403), cluster).remedy, /Region eu-west-1 /);
    }
    const role = { action: "sts:AssumeRole", access: ROLE, region: "me-south-1" };
    const error = awsError("RegionDisabledException", "STS is not activated in this region for account", 403);
    assert.match(translateAwsError(error, role).remedy, /Region me-south-1 /);
  });

  it("leaves a failure as it is", () => {
    const failure = new Failure({ code: "role-refused", message: "m", remedy: "r" });
    assert.equal(translateAwsError(failure, { action: "eks:DescribeCluster", access: ROLE }), failure);
  });
});
