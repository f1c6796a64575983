import { isUidConflict, type ServerAnswer } from "./server-answer.js";

/** What the server's answer says about an object that was to be changed. */
export interface Refusal {
  readonly kind:
    /** Not there, or another object by that name. */
    | "gone"
    /** A JSON patch did not fit the object: a `test` failed or a path is not there. The server tells neither which. */
    | "patch-misfit"
    /** Another writer was faster, or the name is taken. */
    | "conflict"
    /** RBAC, and nothing else, said no. */
    | "forbidden"
    /** A webhook was reached and said no. */
    | "webhook-denied"
    /** A webhook was not reached, or answered nonsense. */
    | "webhook-failed"
    /** Validation, quota, a policy: the request itself is at fault. */
    | "invalid";
  readonly message: string;
}

/** The API server formats this one sentence for every authorizer; admission plugins that answer 403 have other words. */
const MISSING_PERMISSION = /\bcannot \S+ (resource|path)\b/;

/**
 * Judges an answer to a write on any object. Pure. Null for what says nothing about the object: a refused sign-in,
 * throttling, a server in trouble.
 */
export function judgeRefusal(answer: ServerAnswer): Refusal | null {
  const { status, message } = answer;
  const kind = kindByWords(message) ?? kindByStatus(answer);
  return status === 401 || kind === null ? null : { kind, message };
}

/** A webhook chooses its own status, 429 and 404 included, so its words come before the status. */
function kindByWords(message: string): Refusal["kind"] | null {
  if (message.includes("failed calling webhook")) return "webhook-failed";
  return /admission webhook .* denied the request/s.test(message) ? "webhook-denied" : null;
}

function kindByStatus(answer: ServerAnswer): Refusal["kind"] | null {
  const { status, message } = answer;
  if (status === 408 || status === 429 || status >= 500) return null;
  if (status === 404 || isUidConflict(answer)) return "gone";
  if (status === 409) return "conflict";
  if (status === 403 && MISSING_PERMISSION.test(message)) return "forbidden";
  return status === 422 && isPatchMisfit(answer) ? "patch-misfit" : "invalid";
}

/** A validation's 422 names the object's kind and what is wrong with which field; a misfit's is bare. */
function isPatchMisfit({ kind, causes }: ServerAnswer): boolean {
  return kind === "" && causes.length === 0;
}
