/** A table in GitHub's Markdown. Text stays text: nothing in a cell becomes markup, and its lines stay in the cell. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows.map((row) => row.map(escapeCell))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~&#]/g, String.raw`\$&`).replaceAll(/\r?\n|\r/g, "<br>");
}
