import { textOf, type Item } from "./item.js";
import type { Table } from "./table.js";

/** A page of one kind of items. */
interface RegistryPage {
  /** In the order of their partitions; those that went away meanwhile are missing. */
  readonly items: readonly Item[];
  /** The last partition looked at; undefined when there are no more. */
  readonly last: string | undefined;
}

/** Items of `kind` whose partition comes after `from`. The index has only their keys: no list reads what it need not. */
export async function listRegistry(table: Table, kind: string, from: string, limit: number): Promise<RegistryPage> {
  const where = "#registry = :registry AND #pk > :from";
  const found = await table.query({ index: "registry", where, values: { registry: kind, from }, limit });
  const last = found.length < limit ? undefined : found.at(-1);
  return { items: await readAll(table, found), last: last && textOf(last, "pk") };
}

/** All items of `kind` whose partition begins with `prefix`. */
export async function listRegistered(table: Table, kind: string, prefix: string): Promise<readonly Item[]> {
  const where = "#registry = :registry AND begins_with(#pk, :prefix)";
  const values = { registry: kind, prefix };
  return readAll(table, await table.query({ index: "registry", where, values, limit: Number.MAX_SAFE_INTEGER }));
}

function readAll(table: Table, found: readonly Item[]): Promise<readonly Item[]> {
  return table.getAll(found.map((item) => ({ pk: textOf(item, "pk"), sk: textOf(item, "sk") })));
}
