import { Failure } from "./failure.js";

/** Where a hub keeps its state, and what everybody who writes to it must agree on. */
export interface TableAddress {
  readonly region: string;
  readonly table: string;
  /** Shards of the due index; fixed for the table's life. */
  readonly shards: number;
}

const SCHEME = "dynamodb://";

/** Whether a state path is the address of a hub's table rather than a file. */
export function isTableAddress(statePath: string): boolean {
  return statePath.startsWith(SCHEME);
}

/** `dynamodb://eu-west-1/curfew-fleet?shards=16`: a hub's table in the place of a state file's path. */
export function formatTableAddress({ region, table, shards }: TableAddress): string {
  return `${SCHEME}${region}/${table}?shards=${shards}`;
}

/** The other way round. Throws `Failure` config-invalid. */
export function parseTableAddress(text: string): TableAddress {
  const [, region, table, shards] =
    /^dynamodb:\/\/([a-z0-9-]+)\/([\w.-]{3,255})\?shards=([1-9]\d{0,3})$/.exec(text) ?? [];
  if (region !== undefined && table !== undefined) return { region, table, shards: Number(shards) };
  throw new Failure({
    code: "config-invalid",
    message: `"${text}" is not the address of a hub's table.`,
    remedy:
      "Use the one that `pulumi stack output hub` gives as state, e.g. dynamodb://eu-west-1/curfew-fleet?shards=16.",
  });
}
