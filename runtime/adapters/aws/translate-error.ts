import { Failure, isFailure, type ClusterAccess, type ClusterIdentity, type FailureInfo } from "../../ports/index.js";
import { isClusterGone, isThrottled, readAwsFault, type AwsFault } from "./aws-fault.js";

/** What was asked, for messages. */
interface AwsRequestContext {
  /** The IAM action, e.g. `eks:DescribeCluster`. */
  readonly action: string;
  readonly access: ClusterAccess;
  /** Absent while only credentials are asked for. */
  readonly cluster?: ClusterIdentity;
  /** Where it was asked; the cluster's own unless told. */
  readonly region?: string;
}

interface Rule {
  readonly matches: (fault: AwsFault, context: AwsRequestContext) => boolean;
  readonly info: (fault: AwsFault, context: AwsRequestContext) => FailureInfo;
}

const MISSING_NAMES =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken.*|AuthFailure|RequestTimeTooSkewed)$/;
/** A Region that the account has not enabled, or where its STS is off; EC2 answers so of a suspended account too. */
const REGION_OFF = /^(OptInRequired|OptInRequiredException|SubscriptionRequiredException|RegionDisabledException)$/;
/** EC2's and the older services' words for an account that is suspended, closed or not verified yet. */
const ACCOUNT_OFF = /^(Blocked|AccountDisabled|AccountProblem|PendingVerification)$/;
const ACCOUNT_OFF_MESSAGE = /account is (currently )?(blocked|suspended|closed)/i;
const NETWORK_CODES =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPROTO|CERT_.*|.*_CERT.*)$/;

/** The first that matches counts. */
const RULES: readonly Rule[] = [
  {
    matches: ({ name, message }) =>
      /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(name) ||
      /(token|session)\b.* expired/i.test(message),
    info: ({ message }) => ({
      code: "credentials-expired",
      message: `The AWS credentials have expired: ${clean(message)}.`,
      remedy: "Sign in again (for example: aws sso login), then repeat the command.",
    }),
  },
  {
    matches: ({ name }) => name === "CredentialsProviderError",
    info: ({ message }) => ({
      code: "credentials-missing",
      message: `No usable AWS credentials were found: ${clean(message)}.`,
      remedy:
        "Set AWS_PROFILE, sign in with aws sso login, or run where a role is attached; check with aws sts get-caller-identity.",
    }),
  },
  {
    matches: ({ name }) => MISSING_NAMES.test(name),
    info: ({ message }, context) => ({
      code: "credentials-missing",
      message: `AWS does not accept the credentials for ${context.action}: ${clean(message)}.`,
      remedy: `Check the access key, that this computer's clock is right and that ${regionIn(context)} is enabled in the account: aws sts get-caller-identity.`,
    }),
  },
  {
    matches: ({ name, message }) => ACCOUNT_OFF.test(name) || ACCOUNT_OFF_MESSAGE.test(message),
    info: ({ message }, context) => ({
      code: refusalCode(context),
      message: `AWS refuses ${context.action} to the whole account: ${clean(message)}.`,
      remedy:
        "Ask whoever pays for the account whether it is suspended or closed (aws organizations describe-account); remove its clusters if it will not come back.",
    }),
  },
  {
    matches: ({ name }) => REGION_OFF.test(name),
    info: ({ message }, context) => ({
      code: refusalCode(context),
      message: `AWS refuses ${context.action} in ${regionIn(context)}: ${clean(message)}.`,
      remedy: `Enable ${regionIn(context)} and its STS endpoint in the account (aws account enable-region), check that the account is not suspended, or remove its clusters.`,
    }),
  },
  {
    matches: isThrottled,
    info: (_fault, { action }) => ({
      code: "throttled",
      message: `AWS throttles ${action} in this account and Region.`,
      remedy: "Run again in a few minutes, with fewer clusters of this account at once.",
    }),
  },
  {
    matches: ({ name, code, httpStatus }) => name === "TimeoutError" || NETWORK_CODES.test(code) || httpStatus >= 500,
    info: ({ message, code }, { action }) => ({
      code: "unavailable",
      message: `AWS did not answer ${action}: ${clean(message || code)}.`,
      remedy: "Check the Region's name, the network and any proxy, then run again.",
    }),
  },
  {
    matches: ({ httpStatus }, { action, access }) =>
      action === "sts:AssumeRole" && httpStatus >= 400 && access.roleArn !== undefined,
    info: roleRefused,
  },
  {
    matches: ({ name, httpStatus }) =>
      /^(AccessDenied|UnauthorizedOperation|NotAuthorized)/.test(name) || httpStatus === 403,
    info: ({ message }, { action, access }) => ({
      code: "permission-denied",
      message: `${access.roleArn ?? "The caller's identity"} may not ${action}: ${clean(message)}.`,
      remedy: `Allow ${action} on this cluster in that identity's IAM policy.`,
    }),
  },
  {
    matches: isClusterGone,
    info: (_fault, context) => ({
      code: "cluster-not-found",
      message: `There is no EKS cluster ${describeCluster(context.cluster)}.`,
      remedy: "Correct the cluster's name, account or Region in the configuration, or remove its entry.",
    }),
  },
];

/**
 * The one place where errors of the AWS SDK become a `Failure`; a `Failure` (of a credentials provider, say) stays as it is.
 * What no rule knows becomes `unavailable` with AWS's own words.
 */
export function translateAwsError(error: unknown, context: AwsRequestContext): Failure {
  if (isFailure(error)) return error;
  const fault = readAwsFault(error);
  const rule = RULES.find(({ matches }) => matches(fault, context));
  return new Failure(rule ? rule.info(fault, context) : unknownInfo(fault, context), { cause: error });
}

/** Without a session there was nobody yet to be refused a permission. */
function refusalCode({ action }: AwsRequestContext): FailureInfo["code"] {
  return action === "sts:AssumeRole" ? "role-refused" : "permission-denied";
}

function regionIn({ region, cluster }: AwsRequestContext): string {
  const name = region ?? cluster?.region;
  return name === undefined ? "the Region" : `Region ${name}`;
}

function roleRefused({ message }: AwsFault, { access }: AwsRequestContext): FailureInfo {
  const externalId = access.externalId === undefined ? "" : ` with external id ${access.externalId}`;
  return {
    code: "role-refused",
    message: `AWS refuses to let the caller assume ${access.roleArn ?? "the role"}: ${clean(message)}.`,
    remedy: `Check that the role exists, that its trust policy names the caller${externalId}, and that the caller is allowed sts:AssumeRole on it.`,
  };
}

function unknownInfo({ name, message }: AwsFault, { action }: AwsRequestContext): FailureInfo {
  return {
    code: "unavailable",
    message: `AWS refused ${action} (${name}): ${clean(message)}.`,
    remedy: "Correct what AWS names and run again.",
  };
}

function describeCluster(cluster: ClusterIdentity | undefined): string {
  return cluster ? `${cluster.name} in account ${cluster.account}, Region ${cluster.region}` : "by that name";
}

/** Vendor texts end with or without a full stop. */
function clean(message: string): string {
  return message.trim().replace(/\.+$/, "");
}
