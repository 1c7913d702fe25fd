import { toText } from "./printing.ts";
import { items } from "./sequences.ts";
import { escapeHtml } from "./text.ts";
import { Dict, isText, TemplateFailure, Undefined, type Value } from "./values.ts";

const KEPT = /[A-Za-z0-9_.~-]/;

/** Percent-encodes a text, or the pairs of a mapping as a query. */
export function urlEncoded(value: Value): string {
  if (isText(value)) return quote(toText(value), "/");
  if (value instanceof Dict) return value.entries().map(pair).join("&");
  if (value === null || typeof value !== "object") return quote(toText(value), "/");
  if (value instanceof Undefined) return "";
  return items(value)
    .map((item) => {
      const parts = items(item);
      if (parts.length !== 2) throw new TemplateFailure("ValueError", unpacking(parts.length, 2));
      return pair([parts[0] as Value, parts[1] as Value]);
    })
    .join("&");
}

/** What Python says of a sequence that does not have as many items as it is taken apart into. */
export function unpacking(got: number, expected: number): string {
  return got < expected
    ? `not enough values to unpack (expected ${expected}, got ${got})`
    : `too many values to unpack (expected ${expected})`;
}

function pair([key, value]: readonly [Value, Value]): string {
  return `${queryPart(key)}=${queryPart(value)}`;
}

const queryPart = (value: Value) => quote(toText(value), "").replaceAll("%20", "+");

function quote(text: string, safe: string): string {
  return Array.from(Buffer.from(text, "utf8"), (byte) => {
    const char = String.fromCharCode(byte);
    return byte < 0x80 && (KEPT.test(char) || safe.includes(char))
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Text without tags and comments, its white space drawn together and its entities resolved. */
export function stripTags(html: string): string {
  const bare = without(without(html, "<!--", "-->"), "<", ">");
  return bare
    .split(/\s+/u)
    .filter((word) => word !== "")
    .join(" ")
    .replaceAll(/&(?:#\d+|#[xX][\da-fA-F]+|\w+);/g, resolveEntity);
}

function resolveEntity(entity: string): string {
  const name = entity.slice(1, -1);
  if (!name.startsWith("#")) return ENTITIES[name] ?? entity;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

function without(text: string, opening: string, closing: string): string {
  let rest = text;
  let kept = "";
  for (let start = rest.indexOf(opening); start !== -1; start = rest.indexOf(opening)) {
    const end = rest.indexOf(closing, start);
    if (end === -1) break;
    kept += rest.slice(0, start);
    rest = rest.slice(end + closing.length);
  }
  return kept + rest;
}

const WEB =
  /^((?:https?:\/\/|www\.)[\w.-]+(?::\d+)?(?:[/?#]\S*)?|[\w.-]+\.(?:com|net|int|edu|gov|org|info|mil)(?:[/?#]\S*)?)$/;
const MAIL = /^\S+@\w[\w.-]*\.\w+$/;

interface LinkStyle {
  readonly limit: number | undefined;
  readonly target: string | undefined;
  readonly rel: readonly string[];
}

/** Makes links of the addresses in a text. */
export function urlized(text: string, style: LinkStyle): string {
  const rel = [...new Set(style.rel.filter((word) => word !== ""))].toSorted().join(" ");
  const target = style.target === undefined ? "" : ` target="${escapeHtml(style.target)}"`;
  const shorten = (url: string) =>
    style.limit !== undefined && url.length > style.limit ? `${url.slice(0, style.limit)}...` : url;
  return escapeHtml(text)
    .split(/(\s+)/u)
    .map((word) => {
      const [, head = "", middle = "", tail = ""] = /^((?:\(|<|&lt;)*)(.*?)((?:\)|>|\.|,|\n|&gt;)*)$/s.exec(word) ?? [];
      if (WEB.test(middle)) {
        const url = /^https?:\/\//.test(middle) ? middle : `https://${middle}`;
        return `${head}<a href="${url}" rel="${rel}"${target}>${shorten(middle)}</a>${tail}`;
      }
      if (MAIL.test(middle) && !middle.startsWith("www.") && !middle.includes(":")) {
        return `${head}<a href="mailto:${middle}">${middle}</a>${tail}`;
      }
      return word;
    })
    .join("");
}
