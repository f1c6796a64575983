import { createHash } from "node:crypto";

/** The same bytes for the same text, on every computer and in every version. */
export function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
