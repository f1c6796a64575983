/** An environment variable; an empty one counts as unset, as shells have it. */
export function readVariable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return environment[name] === "" ? undefined : environment[name];
}
