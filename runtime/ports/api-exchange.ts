/** One HTTP request to a cluster's API server. */
export interface ApiRequest {
  readonly method: string;
  /** From the server's root, encoded, with its query. */
  readonly path: string;
  /** A secret: the bearer token is among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What the API server answered, whatever its status. */
export interface ApiAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A way for requests to one API server: a connection, or somebody who has one. */
export interface ApiExchange {
  /**
   * Throws what a connection throws (an error with Node's `code`, or named `TimeoutError` or `AbortError`), or a `Failure`
   * where there is no way at all. Repeats no request that may have arrived, unless the server cannot have acted on it.
   */
  send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer>;
  /** Waits for requests under way. Calling twice is safe. */
  close(): Promise<void>;
}
