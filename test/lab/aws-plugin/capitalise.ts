/** `{ hashKey }` becomes `{ HashKey }`, at every depth: how Pulumi's names become the AWS SDK's. */
export type Capitalised<T> = T extends readonly (infer Item)[]
  ? Capitalised<Item>[]
  : T extends object
    ? { [Key in keyof T as Key extends string ? Capitalize<Key> : never]: Capitalised<T[Key]> }
    : T;

/** Not for maps whose keys are the user's own, such as tags. */
export function capitalise<T>(value: T): Capitalised<T> {
  if (Array.isArray(value)) return value.map((each: unknown) => capitalise(each)) as Capitalised<T>;
  if (typeof value !== "object" || value === null) return value as Capitalised<T>;
  const entries = Object.entries(value).map(([key, each]) => [
    key.charAt(0).toUpperCase() + key.slice(1),
    capitalise(each as unknown),
  ]);
  return Object.fromEntries(entries) as Capitalised<T>;
}
