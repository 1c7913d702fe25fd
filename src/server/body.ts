import { isUtf8 } from "node:buffer";
import { parseJson } from "../kit/json.ts";
import { findJsonError, type JsonError } from "../kit/json-error.ts";
import { hasLoneSurrogate } from "../kit/schema/schema.ts";
import { InvalidRequest, UnreadableBody } from "./errors.ts";

const STRING_OR_NOT_A_NUMBER = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/** About where the reference's parser gives up. */
const MAX_DEPTH = 950;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A surrogate written as an escape; half of a pair or a whole one. */
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

/** `application/json`, `application/<anything>+json`, in any case, with or without parameters. */
const JSON_TYPE = /^application\/(?:[^\s;]+\+)?json\s*(?:;|$)/i;

/**
 * Parses a request body: as JSON when its content type says so or when it has none (clients before 3.6.19 send none),
 * otherwise as text, which no schema takes.
 * @throws UnreadableBody for bytes that are not UTF-8, for text that could not be stored as UTF-8, and for nesting so deep
 *   that a walk over it would exhaust the stack
 * @throws InvalidRequest for text that is not JSON, in the shape of the reference
 */
export function parseBody(bytes: Buffer, contentType?: string): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw UnreadableBody();
  const text = bytes.toString("utf8");
  if (contentType !== undefined && !JSON_TYPE.test(contentType)) return text;
  if (isTooDeep(bytes)) throw UnreadableBody();
  const body = parseText(text);
  if (ESCAPED_SURROGATE.test(text) && hasLoneSurrogate(body)) throw UnreadableBody();
  return body;
}

/** Whether arrays and objects lie in each other more than `MAX_DEPTH` deep. Brackets in strings do not count. */
function isTooDeep(bytes: Buffer): boolean {
  // What is opened must be closed: most bodies are too short to be deep.
  if (bytes.length < 2 * MAX_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at + 1);
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function endOfString(bytes: Buffer, from: number): number {
  let end = bytes.indexOf(QUOTE, from);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end === -1 ? bytes.length : end;
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let backslashes = 0;
  while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function parseText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (cause instanceof RangeError) throw UnreadableBody();
    const error = findJsonError(text);
    if (error) throw InvalidRequest([jsonInvalid(error)], text);
    // Python's decoder takes what JSON has no word for; the reference stores null for it.
    return parseJson(text.replaceAll(STRING_OR_NOT_A_NUMBER, (part) => (part.startsWith('"') ? part : "null")));
  }
}

function jsonInvalid({ message, position }: JsonError) {
  return {
    type: "json_invalid",
    loc: ["body", position],
    msg: "JSON decode error",
    input: {},
    ctx: { error: message },
  };
}
