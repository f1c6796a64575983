/** What is granted and what was called, beside each other in one text; a call that is not granted stands out. */
export function grantsTable(whose: string, granted: readonly string[], called: ReadonlySet<string>): string {
  const actions = [...new Set([...granted, ...called])].sort();
  const width = Math.max(whose.length, ...actions.map(({ length }) => length));
  const row = (cells: readonly [string, string, string]): string =>
    `    ${cells[0].padEnd(width)}  ${cells[1].padEnd(7)}  ${cells[2]}`.trimEnd();
  const lines = actions.map((action) =>
    row([action, granted.includes(action) ? "yes" : "NO", called.has(action) ? "yes" : "-"]),
  );
  return [row([whose, "granted", "called"]), ...lines].join("\n");
}
