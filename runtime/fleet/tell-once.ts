import * as z from "zod";

import type { Announcement, Announcer } from "../ports/index.js";
import { amendPage, type LedgerPorts } from "./amend-page.js";

/** What is to be told once, however many processes want to. */
export interface Occasion {
  /** What it is about; there is one page of the ledger for each, which does not grow. */
  readonly topic: string;
  /** Which one of them: what was told of last is not told again, whatever came before it is forgotten. */
  readonly what: string;
}

export interface TellOncePorts extends LedgerPorts {
  readonly announcer: Announcer;
}

/** Whoever has not told by then has died of it, and the next one who wants to may. */
const PATIENCE_MS = 5 * 60_000;

const pageSchema = z.object({ what: z.string(), claimedAt: z.number(), isTold: z.boolean() });
type Page = z.output<typeof pageSchema>;

/**
 * Announces what `describe` answers, unless somebody has announced this occasion already or is about to. A process that
 * dies in between delays it by five minutes for whoever asks again; only one that dies between announcing and noting it
 * makes it heard twice. Answers whether it was told now. Throws `Failure` store-unavailable and what `describe` throws.
 */
export async function tellOnce(
  { topic, what }: Occasion,
  describe: () => Promise<Announcement> | Announcement,
  ports: TellOncePorts,
): Promise<boolean> {
  const { announcer, clock } = ports;
  const key = `told/${topic}`;
  const page = (isTold: boolean): string => JSON.stringify({ what, claimedAt: clock.now(), isTold } satisfies Page);
  const isOurs = await amendPage(
    key,
    (body) => {
      const before = readPage(body);
      const isTaken = before?.what === what && (before.isTold || clock.now() < before.claimedAt + PATIENCE_MS);
      return isTaken ? { body: null, result: false } : { body: page(false), result: true };
    },
    ports,
  );
  if (!isOurs) return false;
  await announcer.announce([await describe()]);
  await amendPage(
    key,
    (body) => ({ body: readPage(body)?.what === what ? page(true) : null, result: undefined }),
    ports,
  );
  return true;
}

/** Null where there is none, or none that can be read. */
function readPage(body: string | null): Page | null {
  try {
    return body === null ? null : pageSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
