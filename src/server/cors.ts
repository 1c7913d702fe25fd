import type { IncomingHttpHeaders } from "node:http";
import type { ServerContext } from "./context.ts";
import { Reply } from "./route.ts";

const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const MAX_AGE_SECONDS = 600;

/** What browsers of other origins may do. Credentials are never allowed. */
export interface Cors {
  /** Whether pages of that origin may call. */
  allows(origin: string): boolean;
  /** Headers for the answer of any request. */
  headersFor(request: IncomingHttpHeaders): Record<string, string>;
  /** The answer of a preflight, or undefined for other requests: given before authorization, which a browser cannot send. */
  preflight(method: string, request: IncomingHttpHeaders): Reply | undefined;
}

/** The rules that the `server.api.cors_*` settings make. */
export function createCors(settings: ServerContext["settings"]): Cors {
  const { cors_allowed_origins, cors_allowed_methods, cors_allowed_headers } = settings.server.api;
  const [origins, methods, headers] = [
    list(cors_allowed_origins),
    list(cors_allowed_methods),
    list(cors_allowed_headers),
  ];

  const headersFor = ({ origin }: IncomingHttpHeaders): Record<string, string> => {
    if (origin === undefined || !origins.allows(origin)) return { vary: "Origin" };
    return { vary: "Origin", "access-control-allow-origin": origins.isAny ? "*" : origin };
  };

  return {
    allows: origins.allows,
    headersFor,
    preflight(method, request) {
      const asked = request["access-control-request-method"];
      if (method !== "OPTIONS" || request.origin === undefined || asked === undefined) return undefined;
      const askedHeaders = words(request["access-control-request-headers"] ?? "");
      const refused = [
        ...(origins.allows(request.origin) ? [] : ["origin"]),
        ...(methods.allows(asked) ? [] : ["method"]),
        ...(askedHeaders.every(headers.allows) ? [] : ["headers"]),
      ];
      const answer = {
        ...headersFor(request),
        "content-type": "text/plain; charset=utf-8",
        "access-control-max-age": String(MAX_AGE_SECONDS),
        "access-control-allow-methods": (methods.isAny ? METHODS : methods.all).join(", "),
        "access-control-allow-headers": (headers.isAny ? askedHeaders : headers.all).join(", "),
      };
      if (refused.length === 0) return new Reply(200, "OK", answer);
      return new Reply(400, `Disallowed CORS ${refused.join(", ")}`, answer);
    },
  };
}

/** A comma-separated setting; `*` stands for everything. */
function list(setting: string) {
  const all = words(setting);
  const isAny = all.includes("*");
  const lower = new Set(all.map((word) => word.toLowerCase()));
  return { all, isAny, allows: (word: string) => isAny || lower.has(word.toLowerCase()) };
}

function words(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
