/** The path of a list with a page half as long; null for what is no list, or one with a page of one object. */
export function shorterPage(path: string): string | null {
  const [root = "", query = ""] = path.split("?");
  const fields = new URLSearchParams(query);
  const limit = Number(fields.get("limit") ?? 0);
  if (!(limit > 1)) return null;
  fields.set("limit", String(Math.floor(limit / 2)));
  return `${root}?${fields.toString()}`;
}
