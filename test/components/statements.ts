import { theOne, type Registered } from "./record-stack.js";

export type Json = Readonly<Record<string, unknown>>;

/** A JSON text that a resource was given, read back. */
export const json = (text: unknown): Json => JSON.parse(String(text)) as Json;

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** What the inline policy of that role says. */
export const statements = (registered: readonly Registered[], role: string): readonly Statement[] =>
  json(theOne(registered, "aws:iam/rolePolicy:RolePolicy", role)["policy"])["Statement"] as readonly Statement[];
