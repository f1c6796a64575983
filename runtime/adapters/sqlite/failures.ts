import { Failure, isFailure } from "../../ports/failure.js";

/** How a person tells Curfew where its state lives; every remedy names it. */
export const STATE_SETTING = "CURFEW_STATE (or curfew:state in the stack config)";

const REMEDIES = {
  notWritable: `Give this user write access to the file and its folder, or point ${STATE_SETTING} at a path that can be written.`,
  full: `Free space on that disk and run again, or move the file and point ${STATE_SETTING} at its new place.`,
  damaged:
    `Restore the file from a backup, or point ${STATE_SETTING} at another file; ` +
    "do not start with an empty one while clusters sleep, for their sizes are kept in it.",
  busy: `Another program keeps the file locked: wait for it to end and run again, or point ${STATE_SETTING} at a file of its own.`,
  disk: `Check the disk under that path; ${STATE_SETTING} must point at a local disk, network file systems cannot lock it.`,
} as const;

type Remedy = (typeof REMEDIES)[keyof typeof REMEDIES];

/** SQLite's primary result codes that come from the file, not from our statements (https://sqlite.org/rescode.html). */
const BY_RESULT_CODE: Readonly<Record<number, Remedy>> = {
  3: REMEDIES.notWritable, // PERM
  5: REMEDIES.busy, // BUSY
  6: REMEDIES.busy, // LOCKED
  8: REMEDIES.notWritable, // READONLY
  10: REMEDIES.disk, // IOERR
  11: REMEDIES.damaged, // CORRUPT
  13: REMEDIES.full, // FULL
  14: REMEDIES.notWritable, // CANTOPEN
  15: REMEDIES.busy, // PROTOCOL: lost the race for WAL locks too often
  22: REMEDIES.disk, // NOLFS
  26: REMEDIES.damaged, // NOTADB
};

const BY_ERRNO: Readonly<Record<string, Remedy>> = {
  EACCES: REMEDIES.notWritable,
  EPERM: REMEDIES.notWritable,
  EROFS: REMEDIES.notWritable,
  ENOTDIR: REMEDIES.notWritable,
  EEXIST: REMEDIES.notWritable,
  ENOENT: REMEDIES.notWritable,
  ENOSPC: REMEDIES.full,
  EDQUOT: REMEDIES.full,
};

/** SQLITE_BUSY: somebody else has the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === 5;
}

/**
 * A fault of the state file as `Failure` store-unavailable. Anything else, a wrong statement of ours for example,
 * comes back as it is: it is a defect, and "free some disk space" would hide it.
 */
export function translateFault(file: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (isFailure(error)) return error;
  const remedy = remedyFor(error);
  return remedy === undefined ? error : unavailable(`The state store ${file} failed: ${error.message}.`, remedy, error);
}

/** `Failure` store-unavailable. */
export function unavailable(message: string, remedy: string, cause?: Error): Failure {
  return new Failure({ code: "store-unavailable", message, remedy }, { cause });
}

function remedyFor(error: Error): Remedy | undefined {
  const code = resultCode(error);
  if (code !== undefined) return BY_RESULT_CODE[code];
  return "syscall" in error && "code" in error ? (BY_ERRNO[String(error.code)] ?? REMEDIES.disk) : undefined;
}

/** The low byte is the primary code; the rest says where in SQLite it happened. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
}
