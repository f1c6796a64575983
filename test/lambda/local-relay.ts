import { createRelayExchange } from "../../runtime/adapters/lambda/relay-exchange.js";
import { createRelayHandler } from "../../runtime/lambda/relay-handler.js";
import type { ApiExchange } from "../../runtime/ports/index.js";

interface LocalRelayOptions {
  readonly answerLimitBytes?: number;
  readonly remainingMs?: number;
  /** What the function wrote into its log. */
  readonly logged?: string[];
}

/** The way through a relay function, which is called in this process and may talk to it alone; events and answers are JSON all the same. */
export function openLocalRelay(
  server: { readonly endpoint: string; readonly certificateAuthority: string },
  { remainingMs = 35_000, logged = [], ...settings }: LocalRelayOptions = {},
): ApiExchange {
  const handle = createRelayHandler({
    hostSuffix: "127.0.0.1",
    log: (message) => void logged.push(message),
    ...settings,
  });
  return createRelayExchange({
    functionName: "curfew-relay-payments",
    ...server,
    invoke: async (event) =>
      JSON.stringify(await handle(JSON.parse(event), { getRemainingTimeInMillis: () => remainingMs })),
    close: () => undefined,
  });
}
