import { databaseFailure, isIntegrityViolation, isUnstorableValue } from "../db/errors.ts";
import { PrefectError } from "../kit/errors.ts";
import { IntegrityConflict, InvalidRequest, UnreadableBody, UnstorableValue } from "./errors.ts";
import { Reply } from "./route.ts";

/** Turns anything thrown into the answer the reference would give; the HTTP edge's only place for error text. */
export function errorReply(error: unknown): Reply {
  if (error instanceof PrefectError) return catalogueReply(error);
  if (isIntegrityViolation(error)) return catalogueReply(IntegrityConflict(error));
  if (isUnstorableValue(error)) return catalogueReply(UnstorableValue(error));
  const failure = databaseFailure(error);
  if (failure) return catalogueReply(failure);
  // Nesting deeper than the stack: found by JSON.stringify or a walk over the body, before anything was written.
  if (error instanceof RangeError && error.message.includes("call stack")) return catalogueReply(UnreadableBody());
  return new Reply(500, { exception_message: "Internal Server Error" });
}

function catalogueReply(error: PrefectError): Reply {
  if (error.code === InvalidRequest.code) {
    const { issues, requestBody } = error.details;
    return new Reply(error.status, {
      exception_message: error.message,
      exception_detail: issues,
      request_body: requestBody ?? null,
    });
  }
  if (error.status === 503) {
    return new Reply(503, { exception_message: "Service Unavailable" }, retryAfter(error));
  }
  const body =
    error.details.shape === "exception_message" ? { exception_message: error.message } : { detail: error.message };
  return new Reply(error.status, body, retryAfter(error));
}

function retryAfter(error: PrefectError): Record<string, string> {
  const seconds = error.details.retryAfterSeconds;
  return seconds === undefined ? {} : { "retry-after": String(seconds) };
}
