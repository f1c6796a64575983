import { Failure, type FailureCode } from "../../ports/index.js";

type Meaning = readonly [pattern: RegExp, code: FailureCode, remedy: string];

/** By the error's name, which has a prefix when SQS also tells the code of its older protocol. */
const MEANINGS: readonly Meaning[] = [
  [
    /QueueDoesNotExist|NonExistentQueue|ResourceNotFound|InvalidAddress|InvalidParameterValue|UnsupportedOperation/,
    "config-invalid",
    "Name a queue of dead letters in the hub's account and Region, and check that these credentials are that account's.",
  ],
  [
    /AccessDenied|UnrecognizedClient|InvalidClientToken|InvalidSecurity/,
    "permission-denied",
    "Let this identity read and move the hub's dead letters (README, IAM), and check which one it is: aws sts get-caller-identity.",
  ],
  [
    /^CredentialsProviderError$/,
    "credentials-missing",
    "Set AWS_PROFILE or sign in with aws sso login; check with aws sts get-caller-identity.",
  ],
  [/ExpiredToken|RequestExpired/, "credentials-expired", "Sign in again (for example: aws sso login), then repeat."],
];

/** Any fault of a call about one queue as a `Failure` that names it. */
export function translateFault(queue: string, error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const [, code, remedy] = MEANINGS.find(([pattern]) => pattern.test(name)) ?? [
    null,
    "unavailable",
    "Check the network, any proxy and the Region's health, then run again: a move that has begun goes on by itself.",
  ];
  const words = message.trim().replace(/\.+$/, "");
  return new Failure({ code, message: `SQS on ${queue} (${name}): ${words}.`, remedy }, { cause: error });
}
