import { ApiException, type Configuration, type HttpMethod } from "@kubernetes/client-node";

/** A request of any kind; the client's own classes know built-in types only. */
export interface RawRequest {
  readonly method: HttpMethod;
  /** From the server's root, its segments encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Of the body; default `application/json`. */
  readonly contentType?: string;
  /** Default `application/json`. */
  readonly accept?: string;
}

/** Sends one request and gives the answer's parsed body. Throws like the client's own classes: `ApiException` for an answer that is not 2xx. */
export type Send = (request: RawRequest) => Promise<unknown>;

/** Raw requests over the connections and the sign-in of `configuration`. */
export function createSend({ baseServer, httpApi }: Configuration): Send {
  return async ({ method, path, query = {}, body, contentType = "application/json", accept = "application/json" }) => {
    const context = baseServer.makeRequestContext(path, method);
    context.setHeaderParam("Accept", accept);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) context.setQueryParam(name, String(value));
    }
    if (body !== undefined) {
      context.setHeaderParam("Content-Type", contentType);
      context.setBody(JSON.stringify(body));
    }
    const response = await httpApi.send(context).toPromise();
    const text = await response.body.text();
    const { httpStatusCode: status, headers } = response;
    if (status < 200 || status > 299) throw new ApiException(status, `HTTP ${status}`, text, headers);
    return JSON.parse(text) as unknown;
  };
}
