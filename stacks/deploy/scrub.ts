/** Variables whose value nobody may read in a log. */
const SECRET_VARIABLES = /SECRET|TOKEN|PASSPHRASE$|PASSWORD|CREDENTIAL|^AWS_ACCESS_KEY_ID$/;

/** Shorter values would be found in ordinary words. */
const SHORTEST = 4;

const MASK = "[secret]";

/** Takes every known secret out of a text, also where it stands as JSON. */
export type Scrub = (text: string) => string;

/** A scrubber of these values; the longest go first, so that no part of one is left behind. */
export function createScrub(secrets: Iterable<string>): Scrub {
  const values = [...new Set(secrets)].filter((value) => value.length >= SHORTEST);
  const forms = new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]));
  const sorted = [...forms].toSorted((one, other) => other.length - one.length);
  return (text) => sorted.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
}

/** The secrets that a process's variables carry; paths to files with secrets are none. */
export function secretVariables(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && SECRET_VARIABLES.test(name) && !name.endsWith("_FILE") ? [value] : [],
  );
}
