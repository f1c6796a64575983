/** Tags as most services take them. */
export const tagList = (tags: Readonly<Record<string, string>> = {}): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
