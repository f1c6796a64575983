/** EKS tokens are presigned requests, and Authorization headers carry such tokens or signatures (aws.md §7). */
const SECRETS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/k8s-aws-v1\.[\w-]+/g, "k8s-aws-v1.[redacted]"],
  [/(authorization["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi, "$1[redacted]"],
  [/(X-Amz-(?:Signature|Security-Token)=)[^&\s"']+/gi, "$1[redacted]"],
];

/** Takes secrets out of a text. Calling twice is safe. */
export function redact(text: string): string {
  return SECRETS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
