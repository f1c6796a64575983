import type { Fault, FaultCode } from "./fault.js";

interface Sign {
  readonly code: FaultCode;
  /** What the CLI prints; CLI 3.220, and what later ones are known to print. */
  readonly pattern: RegExp;
  readonly message: string;
  readonly remedy: string;
}

/**
 * AWS's words for credentials that have run out, as its SDKs, the AWS provider and a backend in S3 hand them on, and the codes
 * that clusters have for it.
 */
const EXPIRED =
  /\[credentials-(?:expired|missing)\]|\bExpiredToken(?:Exception)?\b|\bRequestExpired\b|security token included in the request is expired|refresh cached SSO token failed/i;

/** Whether a failure's words say that the credentials for AWS have run out. */
export const saysExpired = (text: string): boolean => EXPIRED.test(text);

/** The first that fits wins. */
const SIGNS: readonly Sign[] = [
  {
    code: "stack-locked",
    pattern: /currently locked by|\[409\] Conflict: Another update/,
    message: "Another run holds the stack.",
    remedy:
      "Wait for it; if it has died, `curfew deploy up --unlock` frees what a dead process of this host held, and `pulumi cancel` frees any.",
  },
  {
    code: "credentials-expired",
    pattern: EXPIRED,
    message: "The credentials for AWS have run out.",
    remedy: "Renew them and run the same command again: what is done is not done again.",
  },
  {
    code: "passphrase-wrong",
    pattern: /incorrect passphrase|passphrase must be set|failed to decrypt|cipher: message authentication failed/,
    message: "The passphrase of the stack's secrets is missing or wrong.",
    remedy: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one that the stack was made with.",
  },
  {
    code: "not-logged-in",
    pattern: /PULUMI_ACCESS_TOKEN must be set|not logged in|invalid access token|\[401\] Unauthorized/i,
    message: "Pulumi is not logged in to a backend.",
    remedy: "Run `pulumi login`, or set PULUMI_BACKEND_URL.",
  },
  {
    code: "policy-pack-unusable",
    pattern: /failed to load Pulumi policy project|policy pack ".*" failed to start|validating policy config/,
    message: "The policy pack could not be started, and without it nothing is changed.",
    remedy: "Build it, install its packages, or name another with --policy-pack.",
  },
  {
    code: "backend-unreachable",
    pattern:
      /unable to open bucket|read "\.pulumi\/|connection refused|no such host|could not list bucket|i\/o timeout/,
    message: "The backend that keeps the stacks cannot be reached.",
    remedy: "Check PULUMI_BACKEND_URL, the network and the backend's credentials.",
  },
  {
    code: "plan-outdated",
    pattern: /violates plan/,
    message: "What would be done now is not what was previewed, so it was not done.",
    remedy: "Run the command again: it previews anew.",
  },
];

/** A fault that the CLI's words name; undefined for any other failure. `detail` keeps the words that tell more. */
export function faultInText(text: string): Fault | undefined {
  const sign = SIGNS.find(({ pattern }) => pattern.test(text));
  if (sign === undefined) return undefined;
  const { code, message, remedy } = sign;
  const holder = code === "stack-locked" ? lockHolderIn(text) : undefined;
  return { code, message: holder ? `Another run holds the stack: ${describeHolder(holder)}.` : message, remedy };
}

/** Who holds a stack of a self-managed backend. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** As the CLI prints it. */
  readonly since: string;
}

/** The first holder whom the CLI's message about a lock names. */
function lockHolderIn(text: string): LockHolder | undefined {
  return lockHoldersIn(text)[0];
}

/** All holders whom the CLI's message about locks names; none on a backend that does not say. */
export function lockHoldersIn(text: string): readonly LockHolder[] {
  return [...text.matchAll(/created by (\S+?)@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, user = "", host = "", pid = "", since = ""]) => ({ user, host, pid: Number(pid), since }),
  );
}

const describeHolder = ({ user, host, pid, since }: LockHolder): string =>
  `process ${pid} of ${user} on ${host} since ${since}`;
