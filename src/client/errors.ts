import { defineError, PrefectError } from "../kit/errors.ts";
import { shownUrl } from "../kit/shown-url.ts";

/** What the API answered when it refused a request. */
export interface ApiFailure {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
  /** Seconds the API asked to wait, when it did. */
  readonly retryAfterSeconds?: number | undefined;
}

const describe = (failure: ApiFailure) => ({
  message: `${failure.method} ${failure.path} answered ${failure.status}: ${reason(failure.body)}`,
  details: failure,
});

export const ApiNotFound = defineError("API_NOT_FOUND", 404, describe);
export const ApiConflict = defineError("API_CONFLICT", 409, describe);
export const ApiInvalidRequest = defineError("API_INVALID_REQUEST", 422, describe);
export const ApiUnauthorized = defineError("API_UNAUTHORIZED", 401, (failure: ApiFailure) => ({
  message: `The API refused the credentials (${failure.status}). Check PREFECT_API_AUTH_STRING or PREFECT_API_KEY.`,
  details: failure,
}));
export const ApiRequestFailed = defineError("API_REQUEST_FAILED", 502, describe);

export const ApiUnreachable = defineError("API_UNREACHABLE", 503, (apiUrl: string, cause: unknown) => ({
  message: `No API answers at ${shownUrl(apiUrl)}: ${causeText(cause)}. Start one with \`prefect server start\`, or set PREFECT_API_URL.`,
  cause,
}));

/** The catalogue entry for a refused request, chosen by its status. */
export function apiError(failure: ApiFailure): PrefectError {
  switch (failure.status) {
    case 401:
    case 403:
      return ApiUnauthorized(failure);
    case 404:
      return ApiNotFound(failure);
    case 409:
      return ApiConflict(failure);
    case 422:
      return ApiInvalidRequest(failure);
    default:
      return ApiRequestFailed(failure);
  }
}

/** The HTTP status the API answered with, or undefined when `error` did not come from an answer of the API. */
export function apiStatus(error: unknown): number | undefined {
  if (!(error instanceof PrefectError)) return undefined;
  const { status } = error.details;
  return typeof status === "number" ? status : undefined;
}

/** How long the API asked the client to wait, when `error` is an answer that says so. */
export function retryAfterSeconds(error: unknown): number | undefined {
  if (!(error instanceof PrefectError)) return undefined;
  const { retryAfterSeconds: seconds } = error.details;
  return typeof seconds === "number" ? seconds : undefined;
}

function reason(body: unknown): string {
  if (typeof body === "object" && body !== null) {
    if ("detail" in body) return typeof body.detail === "string" ? body.detail : JSON.stringify(body.detail);
    if ("exception_message" in body) return exceptionText(body);
  }
  return typeof body === "string" ? body.slice(0, 500) : JSON.stringify(body);
}

function exceptionText(body: { exception_message?: unknown; exception_detail?: unknown }): string {
  const detail = body.exception_detail === undefined ? "" : ` ${JSON.stringify(body.exception_detail)}`;
  return `${body.exception_message}${detail}`;
}

function causeText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause ? String(cause.code) : "";
  return cause.message || code || cause.name;
}
