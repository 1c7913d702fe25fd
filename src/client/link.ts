/** One request as it travels down the chain. `path` is relative to the API URL and starts with a slash. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, or undefined for no body. */
  readonly body: string | undefined;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** Sends a request on; rejects only when no answer came. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** A step of the chain: wraps the next one. */
export type Link = (next: Send) => Send;

/** Wraps `transport` in the links, the first one outermost. */
export function chain(links: readonly Link[], transport: Send): Send {
  return links.reduceRight((next, link) => link(next), transport);
}

/** The first value of a header, or undefined. */
export function headerOf(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === "string" ? value : value?.[0];
}
