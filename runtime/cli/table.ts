import Table from "cli-table3";

import type { Terminal } from "./terminal.js";

const NO_LINES = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
};

/** Columns without lines between them; a cell may have several lines. No line ends in spaces. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { paint }: Pick<Terminal, "paint">,
): string {
  const table = new Table({
    head: head.map((title) => paint("bold", title)),
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replaceAll(/ +$/gm, "");
}
