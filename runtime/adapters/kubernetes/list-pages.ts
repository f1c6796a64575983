import { hasStatus } from "./fault.js";

/** One page of a Kubernetes list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly metadata?: { readonly _continue?: string };
}

export const PAGE_SIZE = 500;
const MAX_RESTARTS = 3;

/**
 * Reads a whole list, page by page. A continue token that expired (410) makes the list start again from
 * the beginning, so that what is given back is one consistent snapshot (safe-cycle 1).
 */
export async function listPages<T>(readPage: (continueToken?: string) => Promise<Page<T>>): Promise<readonly T[]> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await readAllPages(readPage);
    } catch (error) {
      if (!hasStatus(error, 410) || restarts === MAX_RESTARTS) throw error;
    }
  }
}

async function readAllPages<T>(readPage: (continueToken?: string) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let continueToken: string | undefined;
  do {
    const page = await readPage(continueToken);
    items.push(...page.items);
    continueToken = page.metadata?._continue;
  } while (continueToken);
  return items;
}
