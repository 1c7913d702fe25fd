import { isObject } from "../../domain/parameters/json-types.ts";
import { type Call, type Message, type NotificationBlock, NotificationRefused } from "./message.ts";

interface Notification {
  readonly block: NotificationBlock;
  readonly message: Message;
}

const PLACEHOLDER = /\{\{\s*([\w.\-[\]$]+)\s*\}\}/g;
const WHOLE = /^\{\{\s*([\w.\-[\]$]+)\s*\}\}$/;

type Values = ReadonlyMap<string, unknown>;

/** A call of the user's own making; its fields may name the subject, the body, the block's name and its secrets. */
export function customWebhook({ block: { data }, message }: Notification): readonly Call[] {
  if (given(data.form_data) && given(data.json_data)) {
    throw new NotificationRefused("both `Form Data` and `JSON Data` provided");
  }
  const values: Values = new Map<string, unknown>([
    ...(isObject(data.secrets) ? Object.entries(data.secrets) : []),
    ["subject", message.subject ?? "null"],
    ["body", message.body],
    ["name", data.name],
  ]);
  const { body, type } = bodyOf(data, values);
  const cookies = Object.entries(textMap(fill(data.cookies, values)));
  const cookie = cookies.map(([name, value]) => `${name}=${value}`).join("; ");
  const call: Call = {
    method: typeof data.method === "string" ? data.method : "POST",
    url: withParams(String(fill(data.url, values)), textMap(fill(data.params, values))),
    headers: {
      "user-agent": "Prefect Notifications",
      ...(type === undefined ? {} : { "content-type": type }),
      ...(cookie === "" ? {} : { cookie }),
      ...lowerCased(textMap(fill(data.headers, values))),
    },
    allowPrivate: data.allow_private_urls !== false,
    timeoutMs: typeof data.timeout === "number" ? data.timeout * 1000 : 10_000,
    maxRedirects: 0,
  };
  return [body === undefined ? call : { ...call, body }];
}

function bodyOf(data: NotificationBlock["data"], values: Values): { readonly body?: string; readonly type?: string } {
  if (given(data.json_data)) {
    return { body: JSON.stringify(fill(data.json_data, values)), type: "application/json" };
  }
  if (typeof data.form_data === "string") return { body: String(fill(data.form_data, values)) };
  if (!given(data.form_data)) return {};
  const form = new URLSearchParams(textMap(fill(data.form_data, values)));
  return { body: String(form), type: "application/x-www-form-urlencoded" };
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Puts values in the place of their names. @throws NotificationRefused for a name that has none */
function fill(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((each) => fill(each, values));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [String(fill(key, values)), fill(each, values)]),
    );
  }
  if (typeof value !== "string") return value;
  const whole = WHOLE.exec(value)?.[1];
  if (whole !== undefined) return namedValue(values, whole);
  return value.replaceAll(PLACEHOLDER, (_whole, name: string) => String(namedValue(values, name)));
}

function namedValue(values: Values, name: string): unknown {
  if (!values.has(name)) throw new NotificationRefused(`There is no value for '{{ ${name} }}'.`);
  return values.get(name);
}

function textMap(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function withParams(text: string, params: Record<string, string>): string {
  const url = URL.parse(text);
  if (!url) throw new NotificationRefused("The URL of the webhook is not one.");
  // Python's client replaces what the URL has when there are parameters.
  if (Object.keys(params).length > 0) url.search = String(new URLSearchParams(params));
  return url.href;
}
