import type { Link } from "../link.ts";

/** The release whose API this client speaks. */
export const CLIENT_VERSION = "3.9.1";
/** The REST API version sent with every request. */
export const API_VERSION = "0.8.4";

export interface IdentityOptions {
  readonly apiKey: string | undefined;
  readonly authString: string | undefined;
  readonly customHeaders: Readonly<Record<string, string>>;
}

// A custom header may not take the place of what the protocol needs.
const PROTECTED = new Set(["user-agent", "x-prefect-api-version", "prefect-csrf-token", "prefect-csrf-client"]);

/** The headers every request carries: who asks, in which version, with which credentials. */
export function identityHeaders(options: IdentityOptions): Readonly<Record<string, string>> {
  const custom = Object.entries(options.customHeaders).filter(([name]) => !PROTECTED.has(name.toLowerCase()));
  return {
    ...Object.fromEntries(custom.map(([name, value]) => [name.toLowerCase(), value])),
    accept: "*/*",
    "user-agent": `prefect/${CLIENT_VERSION} (API ${API_VERSION})`,
    "x-prefect-api-version": API_VERSION,
    ...authorization(options),
  };
}

export function headersLink(headers: Readonly<Record<string, string>>): Link {
  return (next) => (request) => next({ ...request, headers: { ...headers, ...request.headers } });
}

function authorization(options: IdentityOptions): Record<string, string> {
  if (options.authString !== undefined) {
    return { authorization: `Basic ${Buffer.from(options.authString).toString("base64")}` };
  }
  return options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };
}
