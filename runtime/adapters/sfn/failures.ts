import { Failure, type FailureCode } from "../../ports/index.js";

type Meaning = readonly [pattern: RegExp, code: FailureCode, remedy: string];

/** By the error's name. */
const MEANINGS: readonly Meaning[] = [
  [
    /DoesNotExist|InvalidArn|InvalidName|InvalidExecutionInput|ValidationException|SerializationException/,
    "config-invalid",
    "Check the ARN, and that these credentials are the hub account's; a campaign's JSON may have 256 KB, about 5,000 clusters.",
  ],
  [
    /AccessDenied|UnrecognizedClient|InvalidClientToken|InvalidSecurity/,
    "permission-denied",
    "Let this identity start and describe the hub's campaigns (README, IAM), and check which one it is: aws sts get-caller-identity.",
  ],
  [
    /^CredentialsProviderError$/,
    "credentials-missing",
    "Set AWS_PROFILE or sign in with aws sso login; check with aws sts get-caller-identity.",
  ],
  [/ExpiredToken|RequestExpired/, "credentials-expired", "Sign in again (for example: aws sso login), then repeat."],
];

/** Any fault of a call about one machine or campaign as a `Failure` that names it. */
export function translateFault(what: string, error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const [, code, remedy] = MEANINGS.find(([pattern]) => pattern.test(name)) ?? [
    null,
    "unavailable",
    "Check the network, any proxy and the Region's health, then run again: a campaign that has begun goes on by itself.",
  ];
  const words = message.trim().replace(/\.+$/, "");
  return new Failure({ code, message: `Step Functions on ${what} (${name}): ${words}.`, remedy }, { cause: error });
}
