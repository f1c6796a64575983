import type { DatabaseSync } from "node:sqlite";

type Values = Readonly<Record<string, string | number | null>>;

/** A prepared statement with named values (`:name`). A name that is missing or unknown throws or matches nothing. */
export interface Query<Row extends object> {
  /** The first row; undefined when there is none. */
  first(values: Values): Row | undefined;
  all(values: Values): readonly Row[];
  /** Runs it for its effect; how many rows changed. */
  run(values: Values): number;
}

/** Prepares once, runs often. `Row` is the caller's word: STRICT tables hold every column to its declared type. */
export function prepareQuery<Row extends object = object>(database: DatabaseSync, sql: string): Query<Row> {
  const statement = database.prepare(sql);
  // SQLite's rows have no prototype; ours compare equal to plain objects.
  const toRow = (row: object): Row => ({ ...row }) as Row;
  return {
    first: (values) => {
      const row = statement.get(values);
      return row && toRow(row);
    },
    all: (values) => statement.all(values).map(toRow),
    run: (values) => Number(statement.run(values).changes),
  };
}
