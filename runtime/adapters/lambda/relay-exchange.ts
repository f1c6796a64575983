import { Failure, type ApiAnswer, type ApiExchange, type ApiRequest, type RelayAnswer } from "../../ports/index.js";
import { shorterPage } from "./shorter-page.js";

/** Calls a relay function with a `RelayEvent` as JSON and gives its answer, also as JSON. */
export type InvokeRelay = (event: string, signal: AbortSignal) => Promise<string>;

interface RelayExchangeOptions {
  readonly functionName: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly invoke: InvokeRelay;
  readonly close: () => void;
}

/**
 * Sends requests through a function in the cluster's VPC. Errors of its connection come out as they would of one made here,
 * so that the same rules judge them. A list that is too long for one answer is asked for in shorter pages.
 */
export function createRelayExchange({ functionName, invoke, close, ...server }: RelayExchangeOptions): ApiExchange {
  async function send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const answer = JSON.parse(await invoke(JSON.stringify({ ...server, ...request }), signal)) as RelayAnswer;
    if (!("error" in answer)) return answer;
    const { code, message } = answer.error;
    const path = code === "too-large" ? shorterPage(request.path) : null;
    if (path !== null) return send({ ...request, path }, signal);
    throw errorOf(code, `${message} (${functionName})`, server.endpoint);
  }

  return {
    send,
    close() {
      close();
      return Promise.resolve();
    },
  };
}

function errorOf(code: string, message: string, endpoint: string): Error {
  switch (code) {
    case "too-large":
      return new Failure({
        code: "unavailable",
        message: `An answer of the API server at ${endpoint} does not fit into what a relay may answer: ${message}.`,
        remedy: "Run Curfew from a network connected to the cluster's VPC, and declare reach: hub for it.",
      });
    case "host-refused":
      return new Failure({
        code: "endpoint-unreachable",
        message: `The relay does not talk to ${endpoint}: ${message}.`,
        remedy: "Give its PrivateDrain a hostSuffix that the cluster's endpoint ends with.",
      });
    case "timed-out":
      return Object.assign(new Error(message), { name: "TimeoutError" });
    default:
      return Object.assign(new Error(message), { code });
  }
}
