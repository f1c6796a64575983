import { readFile } from "node:fs/promises";

import { packagePath } from "./lab/package-path.js";

/** The cells of every row of the first table below a heading of the README, as text without code marks. */
export async function rowsBelow(heading: string): Promise<readonly (readonly string[])[]> {
  const readme = await readFile(packagePath("README.md"), "utf8");
  const [, chapter = ""] = readme.split(`\n${heading}\n`);
  const [text = ""] = chapter.split(/\n#+ /);
  const [table = ""] = /(?:^\|.*\n?)+/m.exec(text) ?? [];
  const [, , ...rows] = table.trimEnd().split("\n");
  return rows.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}
