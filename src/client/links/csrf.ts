import { parseJson } from "../../kit/json.ts";
import type { HttpRequest, HttpResponse, Link, Send } from "../link.ts";

interface CsrfToken {
  readonly token: string;
  /** An ISO timestamp. */
  readonly expiration: string;
}

/** Gets a token before the first change when the server asks for one, and a new one when it has expired. */
export function csrfLink(clientId: string, nowMs: () => number): Link {
  let state: "unknown" | "off" | CsrfToken = "unknown";

  const refresh = async (next: Send, headers: HttpRequest["headers"]) => {
    const path = `/csrf-token?client=${encodeURIComponent(clientId)}`;
    const response = await next({ method: "GET", path, headers, body: undefined });
    if (response.status === 200) state = parseJson(response.text) as CsrfToken;
    else if (response.status === 404 || response.status === 422) state = "off";
    return response;
  };
  const isStale = () => state === "unknown" || (state !== "off" && Date.parse(state.expiration) <= nowMs());
  const signed = (request: HttpRequest): HttpRequest =>
    typeof state === "string"
      ? request
      : {
          ...request,
          headers: { ...request.headers, "prefect-csrf-token": state.token, "prefect-csrf-client": clientId },
        };

  return (next) => async (request) => {
    if (request.method === "GET") return next(request);
    if (isStale()) await refresh(next, request.headers);
    const response = await next(signed(request));
    if (!isRefused(response)) return response;
    await refresh(next, request.headers);
    return next(signed(request));
  };
}

function isRefused(response: HttpResponse): boolean {
  return response.status === 403 && response.text.includes("Invalid CSRF token");
}
