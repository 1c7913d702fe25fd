import { defineError } from "../kit/errors.ts";
import type { ValidationIssue } from "../kit/schema/schema.ts";

/** Answers of this kind carry `{"exception_message": text}` instead of `{"detail": text}`. */
const asException = { shape: "exception_message" };

export const InvalidRequest = defineError(
  "INVALID_REQUEST",
  422,
  (issues: readonly ValidationIssue[], body: unknown) => ({
    message: "Invalid request received.",
    details: { issues, requestBody: body },
  }),
);
export const UnreadableBody = defineError("UNREADABLE_BODY", 400, () => "There was an error parsing the body");
export const BodyTooLarge = defineError(
  "BODY_TOO_LARGE",
  413,
  (maxBytes: number) => `The request body is larger than ${maxBytes} bytes. Send it in several requests.`,
);
export const NotFound = defineError("NOT_FOUND", 404, () => "Not Found");
export const MethodNotAllowed = defineError("METHOD_NOT_ALLOWED", 405, () => "Method Not Allowed");
export const Unauthorized = defineError("UNAUTHORIZED", 401, () => ({ message: "Unauthorized", details: asException }));
export const InvalidApiVersion = defineError("INVALID_API_VERSION", 400, (sent: string) => ({
  message: `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${sent}`,
}));
export const ApiVersionTooOld = defineError(
  "API_VERSION_TOO_OLD",
  400,
  (sent: string) => `The request specified API version ${sent} but this server requires version 0.8.0 or higher.`,
);
export const IntegrityConflict = defineError("INTEGRITY_CONFLICT", 409, (cause: unknown) => ({
  message:
    "Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.",
  cause,
}));
export const InvalidLimit = defineError("INVALID_LIMIT", 422, (bound: string) => `Invalid limit: must be ${bound}.`);

export const FlowNotFound = defineError("FLOW_NOT_FOUND", 404, () => "Flow not found");
export const FlowRunNotFound = defineError("FLOW_RUN_NOT_FOUND", 404, () => "Flow run not found");
/** What set_state says of an unknown run, in the other shape. */
export const FlowRunToSetNotFound = defineError("FLOW_RUN_TO_SET_NOT_FOUND", 404, (id: string) => ({
  message: `Flow run with id ${id} not found`,
  details: asException,
}));
export const FlowRunStateNotFound = defineError("FLOW_RUN_STATE_NOT_FOUND", 404, () => "Flow run state not found");
export const CsrfDisabled = defineError("CSRF_DISABLED", 422, () => "CSRF protection is disabled.");
export const RunMadeMeanwhile = defineError("RUN_MADE_MEANWHILE", 503, () => ({
  message: "Another server has just made the run with this idempotency key. Ask again to get it.",
  details: { retryAfterSeconds: 0.1 },
}));
export const ArtifactNotFound = defineError("ARTIFACT_NOT_FOUND", 404, () => "Artifact not found.");
export const VariableNotFound = defineError("VARIABLE_NOT_FOUND", 404, () => "Variable not found.");
export const VariableExists = defineError(
  "VARIABLE_EXISTS",
  409,
  (name: string) => `A variable with the name '${name}' already exists.`,
);
export const InvalidPageToken = defineError("INVALID_PAGE_TOKEN", 403, () => "Forbidden");
export const TooManyBuckets = defineError(
  "TOO_MANY_BUCKETS",
  422,
  (count: number, most: number) =>
    `The given interval would create ${count} buckets, which is too many. Please increase the interval or reduce the ` +
    `time range to produce ${most} buckets or fewer.`,
);
export const MissingCsrfToken = defineError("MISSING_CSRF_TOKEN", 403, () => "Missing CSRF token.");
export const MissingCsrfClient = defineError("MISSING_CSRF_CLIENT", 403, () => "Missing client identifier.");
export const InvalidCsrfToken = defineError(
  "INVALID_CSRF_TOKEN",
  403,
  () => "Invalid CSRF token or client identifier.",
);
export const BlockDocumentNotFound = defineError(
  "BLOCK_DOCUMENT_NOT_FOUND",
  404,
  (id: string) => `Block document ${id} not found.`,
);
export const UnsuitableStorageBlock = defineError(
  "UNSUITABLE_STORAGE_BLOCK",
  422,
  (id: string) => `Block document ${id} cannot be used for result storage.`,
);
