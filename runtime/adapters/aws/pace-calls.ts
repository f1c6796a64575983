import type { FinalizeHandler, FinalizeHandlerArguments, Pluggable } from "@smithy/types";
import type { Pacer, PaceKey } from "../../ports/index.js";
import { isThrottled, readAwsFault } from "./aws-fault.js";

/** Whom the calls of a client are charged to. */
export type PaceGround = Pick<PaceKey, "account" | "region" | "service">;

/**
 * Makes every attempt of a client, the retries too, wait for its turn, and tells the pacer of throttles. It sits right
 * after the SDK's retries and before the signature, which would age while waiting.
 */
export function paceCalls<In extends object, Out extends object>(pacer: Pacer, ground: PaceGround): Pluggable<In, Out> {
  return {
    applyToStack: (stack) =>
      stack.addRelativeTo(
        (next: FinalizeHandler<In, Out>, { commandName = "" }) =>
          async (args: FinalizeHandlerArguments<In>) => {
            const key: PaceKey = { ...ground, kind: kindOf(commandName) };
            await pacer.admit(key);
            try {
              return await next(args);
            } catch (error) {
              if (isThrottled(readAwsFault(error))) {
                pacer.throttled(key);
                markForRetry(error);
              }
              throw error;
            }
          },
        { relation: "after", toMiddleware: "retryMiddleware", name: "curfewPace" },
      ),
  };
}

/** AWS's own naming; EC2 charges by it, too (aws.md §2). */
function kindOf(commandName: string): PaceKey["kind"] {
  return /^(Describe|List|Get)/.test(commandName) ? "read" : "write";
}

/** The SDK does not know EKS's `InvalidRequestException: Request limit exceeded` for a throttle; every write of ours may be repeated (aws.md §2). */
function markForRetry(error: unknown): void {
  if (error instanceof Error && !("$retryable" in error && error.$retryable))
    Object.assign(error, { $retryable: { throttling: true } });
}
