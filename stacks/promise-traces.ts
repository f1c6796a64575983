/**
 * Shortens the stack traces of this process to one line from now on, for programs that declare thousands of resources.
 *
 * Pulumi takes one for each of the many promises of every resource and maps it back to its sources, to say where a promise
 * leaked: an eighth of the preview of a large stack. Whoever looks for leaks (`PULUMI_DEBUG_PROMISE_LEAKS`) keeps them whole.
 * Calling twice is safe.
 */
export function shortenPromiseTraces(environment: NodeJS.ProcessEnv): void {
  if (environment["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined) Error.stackTraceLimit = 1;
}
