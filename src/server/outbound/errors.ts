import { defineError } from "../../kit/errors.ts";

/** Each names the class of the error that a client of the reference would be told. */
const named = (type: string) => ({ details: { type } });

export const UrlRefused = defineError("OUTBOUND_URL_REFUSED", 422, () => ({
  message: "Only HTTP and HTTPS URLs are allowed.",
  ...named("ValueError"),
}));
export const AddressRefused = defineError("OUTBOUND_ADDRESS_REFUSED", 422, (host: string, address: string) => ({
  message: `'${host}' is refused: it resolves to the private address ${address}.`,
  ...named("ValueError"),
}));
export const HostUnknown = defineError("OUTBOUND_HOST_UNKNOWN", 422, (host: string, cause?: unknown) => ({
  message: `'${host}' could not be resolved.`,
  cause,
  ...named("ConnectError"),
}));
export const ConnectionFailed = defineError("OUTBOUND_CONNECTION_FAILED", 502, (cause: unknown) => ({
  message: "All connection attempts failed",
  cause,
  ...named("ConnectError"),
}));
export const RequestTimedOut = defineError("OUTBOUND_TIMEOUT", 504, (seconds: number) => ({
  message: `No answer within ${seconds} s.`,
  ...named("ReadTimeout"),
}));
export const ReplyUnreadable = defineError("OUTBOUND_REPLY_UNREADABLE", 502, (cause: unknown) => ({
  message: `The answer could not be read: ${cause instanceof Error ? cause.message : cause}`,
  cause,
  ...named("RemoteProtocolError"),
}));
export const RequestInvalid = defineError("OUTBOUND_REQUEST_INVALID", 422, (cause: unknown) => ({
  message: `The request cannot be made: ${cause instanceof Error ? cause.message : cause}`,
  cause,
  ...named("LocalProtocolError"),
}));
