import { Failure, isFailure } from "../../ports/failure.js";

/** Where the table is; named in every failure. */
export interface TablePlace {
  readonly region: string;
  readonly table: string;
}

const REMEDIES: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [
    /^ResourceNotFoundException$/,
    "Check Region and name of the table in CURFEW_STATE (or curfew:state), and that the hub's stack is up.",
  ],
  [
    /^(AccessDenied|UnrecognizedClient|InvalidSignature|MissingAuthenticationToken|IncompleteSignature)/,
    "Let this identity read and write the hub's table, and check which one it is: aws sts get-caller-identity.",
  ],
  [/^(ExpiredToken|RequestExpired)/, "Sign in again (for example: aws sso login), then repeat the command."],
  [
    /^CredentialsProviderError$/,
    "Set AWS_PROFILE, sign in with aws sso login, or run where a role is attached; check with aws sts get-caller-identity.",
  ],
  [
    /Throttl|ThroughputExceeded|RequestLimitExceeded|LimitExceeded|TransactionConflict|TransactionInProgress/,
    "Wait a minute and run again; if it stays, raise the table's warm throughput or look for who writes that much.",
  ],
  [
    /^ItemTooLarge$/,
    "A snapshot, a checkpoint or a report has outgrown DynamoDB's 400 KB: report it as a defect, with the sizes of the cluster.",
  ],
];

const NETWORK_REMEDY = "Check the network, any proxy and the Region's health, then run again.";

/**
 * Any fault of the table as `Failure` store-unavailable. A request of ours that DynamoDB cannot read comes back as it
 * is: that is a defect, and "check the network" would hide it.
 */
export function translateFault({ region, table }: TablePlace, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (isFailure(error)) return error;
  const name = nameOf(error);
  if (/^(ValidationException|SerializationException|TypeError|RangeError|Error)$/.test(name) && !("code" in error))
    return error;
  const remedy = REMEDIES.find(([pattern]) => pattern.test(name))?.[1] ?? NETWORK_REMEDY;
  const message = `The table ${table} in ${region} failed (${name}): ${error.message.trim().replace(/\.+$/, "")}.`;
  return new Failure({ code: "store-unavailable", message, remedy }, { cause: error });
}

function nameOf({ name, message }: Error): string {
  return name === "ValidationException" && /item size/i.test(message) ? "ItemTooLarge" : name;
}
