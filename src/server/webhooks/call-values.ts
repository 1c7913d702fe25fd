import type { IncomingHttpHeaders } from "node:http";
import { fromJson } from "../../domain/templates/from-json.ts";
import { Dict, type NamedValues, Thing, type Value } from "../../domain/templates/values.ts";
import { parseJson } from "../../kit/json.ts";

/** Headers that are secrets, or only of interest to what lies between the caller and this server. */
const HIDDEN =
  /^(?:authorization|cookie|proxy-authorization|traceparent|via|x-(?:forwarded|b3|cloud-trace|envoy|prefect).*)$/;

interface Call {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** What a webhook's template may speak of: the method, the headers (in any case) and the body of a call. */
export function callValues({ method, headers, bytes }: Call): NamedValues {
  return { method, headers: headerValues(headers), body: fromJson(readCallBody(headers, bytes)) };
}

/** JSON and forms as what they hold, anything else as text. */
export function readCallBody(headers: IncomingHttpHeaders, bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function headerValues(headers: IncomingHttpHeaders): Value {
  const shown = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || HIDDEN.test(name) ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
  const byName = new Map(shown);
  const dict = Dict.from(shown);
  const read = (name: string) => byName.get(name.toLowerCase()) ?? byName.get(name.toLowerCase().replaceAll("_", "-"));
  return new Thing("Headers", new Map(), { read, json: dict, items: shown.map(([name]) => name) });
}
