import { isUtf8 } from "node:buffer";
import { parseJson } from "../kit/json.ts";
import { hasLoneSurrogate } from "../kit/schema/schema.ts";
import { InvalidRequest, UnreadableBody } from "./errors.ts";

/** What a request without a body parses to; schemas see `undefined`. */
export const NO_BODY = undefined;

/** A surrogate written as an escape; half of a pair or a whole one. */
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

/**
 * Parses a request body as JSON, whatever its content type (clients before 3.6.19 send none).
 * @throws UnreadableBody for bytes that are not UTF-8, and for text that could not be stored as UTF-8
 * @throws InvalidRequest for text that is not JSON, in the shape of the reference
 */
export function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return NO_BODY;
  if (!isUtf8(bytes)) throw UnreadableBody();
  const text = bytes.toString("utf8");
  const body = parseText(text);
  if (ESCAPED_SURROGATE.test(text) && hasLoneSurrogate(body)) throw UnreadableBody();
  return body;
}

function parseText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (cause instanceof RangeError) throw UnreadableBody();
    throw InvalidRequest([jsonInvalid(text, cause)], text);
  }
}

function jsonInvalid(text: string, cause: unknown) {
  const position = Number(/position (\d+)/.exec(String(cause))?.[1] ?? text.length);
  return {
    type: "json_invalid",
    loc: ["body", position],
    msg: "JSON decode error",
    input: {},
    ctx: { error: position >= text.trimEnd().length ? "Expecting value" : "Invalid JSON" },
  };
}
