import { asInteger, asIntegerOr, REQUIRED } from "./arguments.ts";
import { asHtml, typeError } from "./coerce.ts";
import { type Filter, filter } from "./filter.ts";
import { formatPercent } from "./format-percent.ts";
import { templateJson } from "./json-text.ts";
import { toRepr, toText } from "./printing.ts";
import { items, lengthOf } from "./sequences.ts";
import { capitalized, characters, escapeHtml, splitLines, stripped, textLength } from "./text.ts";
import { centered, replaceText } from "./text-methods.ts";
import { Dict, isText, isTrue, Markup, TemplateFailure, Tuple, typeName, Undefined, type Value } from "./values.ts";
import { stripTags, urlEncoded, urlized } from "./web-text.ts";
import { wrapLine } from "./wrap-text.ts";

/** Text that was made from a value: markup stays markup. */
function alike(from: Value, text: string): Value {
  return from instanceof Markup ? new Markup(text) : text;
}

const changing = (name: string, change: (text: string) => string) =>
  filter(name, { s: REQUIRED }, ({ s }) => alike(s, change(toText(s))));

const toHtml = filter("escape", { s: REQUIRED }, ({ s }) =>
  s instanceof Markup ? s : new Markup(escapeHtml(toText(s))),
);

const WORD_START = /([-\s({[<]+)/u;
const RUN_URL = /flow-run\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/;

export const textFilters: Readonly<Record<string, Filter>> = {
  upper: changing("do_upper", (text) => text.toUpperCase()),
  lower: changing("do_lower", (text) => text.toLowerCase()),
  capitalize: changing("do_capitalize", capitalized),
  title: changing("do_title", (text) => text.split(WORD_START).map(capitalized).join("")),
  string: filter("soft_str", { s: REQUIRED }, ({ s }) => (isText(s) ? s : toText(s))),
  escape: toHtml,
  e: toHtml,
  forceescape: filter("do_forceescape", { value: REQUIRED }, ({ value }) => new Markup(escapeHtml(toText(value)))),
  safe: filter("do_mark_safe", { value: REQUIRED }, ({ value }) => new Markup(toText(value))),
  striptags: filter("do_striptags", { value: REQUIRED }, ({ value }) => stripTags(toText(value))),
  trim: filter("do_trim", { value: REQUIRED, chars: null }, ({ value, chars }) =>
    alike(value, stripped(toText(value), chars === null ? undefined : toText(chars))),
  ),
  center: filter("do_center", { value: REQUIRED, width: 80n }, ({ value, width }, { budget }) => {
    budget.reserve(asInteger(width));
    return alike(value, centered(toText(value), asInteger(width), { align: "^", fill: " " }));
  }),
  replace: filter(
    "do_replace",
    { s: REQUIRED, old: REQUIRED, new: REQUIRED, count: null },
    ({ s, old, new: fresh, count }, { budget }) =>
      replaceText(budget, toText(s), { old: toText(old), fresh: toText(fresh), count: asIntegerOr(count, -1) }),
  ),
  format: ({ budget, input, args, named }) => {
    const hasNamed = Object.keys(named).length > 0;
    if (hasNamed && args.length > 0) {
      throw new TemplateFailure(
        "FilterArgumentError",
        "can't handle positional and keyword arguments at the same time",
      );
    }
    const format = isText(input) ? input : toText(input);
    return formatPercent(budget, format, hasNamed ? Dict.from(Object.entries(named)) : new Tuple(args));
  },
  join: filter("do_join", { value: REQUIRED, d: "", attribute: null }, ({ value, d, attribute }, call) => {
    const all = attribute === null ? value : call.filter({ name: "map", input: value, args: [], named: { attribute } });
    const parts = items(all);
    const texts = parts.map((part) => (call.isEscaping ? htmlOrText(part) : toText(part)));
    call.budget.reserve(texts.reduce((sum, text) => sum + text.length + textLength(toText(d)), 0));
    return call.isEscaping ? new Markup(texts.join(htmlOrText(d))) : texts.join(toText(d));
  }),
  indent: filter("do_indent", { s: REQUIRED, width: 4n, first: false, blank: false }, indent),
  truncate: filter("do_truncate", { s: REQUIRED, length: 255n, killwords: false, end: "...", leeway: null }, truncate),
  wordwrap: filter(
    "do_wordwrap",
    { s: REQUIRED, width: 79n, break_long_words: true, wrapstring: null, break_on_hyphens: true },
    ({ s, width, break_long_words, wrapstring, break_on_hyphens }) => {
      const joint = wrapstring === null ? "\n" : toText(wrapstring);
      const how = {
        width: asInteger(width),
        breaksWords: isTrue(break_long_words),
        breaksHyphens: isTrue(break_on_hyphens),
      };
      return splitLines(methodText(s, "splitlines"))
        .map((line) => wrapLine(line, how).join(joint))
        .join(joint);
    },
  ),
  wordcount: filter("do_wordcount", { s: REQUIRED }, ({ s }) =>
    BigInt(toText(s).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  ),
  urlencode: filter("do_urlencode", { value: REQUIRED }, ({ value }) => urlEncoded(value)),
  urlize: filter(
    "do_urlize",
    { value: REQUIRED, trim_url_limit: null, nofollow: false, target: null, rel: null, extra_schemes: null },
    ({ value, trim_url_limit, nofollow, target, rel }) =>
      urlized(toText(value), {
        limit: trim_url_limit === null ? undefined : asInteger(trim_url_limit),
        target: target === null ? undefined : toText(target),
        rel: [...(rel === null ? "" : toText(rel)).split(/\s+/), ...(isTrue(nofollow) ? ["nofollow"] : []), "noopener"],
      }),
  ),
  xmlattr: filter("do_xmlattr", { d: REQUIRED, autospace: true }, xmlAttributes),
  pprint: filter("do_pprint", { value: REQUIRED }, ({ value }) => toRepr(value)),
  tojson: filter(
    "_tojson",
    { value: REQUIRED, indent: null },
    ({ value, indent }, { budget }) =>
      new Markup(templateJson(budget, value, indent === null ? undefined : asInteger(indent))),
  ),
  flow_run_id: filter("flow_run_id", { text: REQUIRED }, ({ text }) =>
    isTrue(text) ? (RUN_URL.exec(methodText(text, "search"))?.[1] ?? null) : null,
  ),
  ui_url: filter("ui_url", { obj: REQUIRED }, () => null),
  ui_resource_events_url: filter("ui_resource_events_url", { obj: REQUIRED }, () => null),
};

function htmlOrText(value: Value): string {
  return isText(value) ? asHtml(value) : escapeHtml(toText(value));
}

/** The text of what must be one, as it has a method of texts. */
function methodText(value: Value, method: string): string {
  if (isText(value)) return toText(value);
  if (value instanceof Undefined) return value.fail();
  if (method === "search") throw typeError(`expected string or bytes-like object, got '${typeName(value)}'`);
  throw new TemplateFailure("AttributeError", `'${typeName(value)}' object has no attribute '${method}'`);
}

type Values<Name extends string> = { readonly [Each in Name]: Value };

function indent(
  { s, width, first, blank }: Values<"s" | "width" | "first" | "blank">,
  { budget }: { budget: { reserve(length: number): void } },
): Value {
  if (s instanceof Undefined) return s.fail();
  if (!isText(s)) throw typeError(`unsupported operand type(s) for +=: '${typeName(s)}' and 'str'`);
  budget.reserve(isText(width) ? lengthOf(width) : asInteger(width));
  const indention = isText(width) ? toText(width) : " ".repeat(Math.max(0, asInteger(width)));
  const lines = splitLines(`${toText(s)}\n`);
  budget.reserve(lines.length * indention.length + toText(s).length);
  const rest = lines.slice(1).map((line) => (isTrue(blank) || line !== "" ? indention + line : line));
  const text = [lines[0] ?? "", ...rest].join("\n");
  return alike(s, isTrue(first) ? indention + text : text);
}

function truncate({
  s,
  length,
  killwords,
  end,
  leeway,
}: Values<"s" | "length" | "killwords" | "end" | "leeway">): Value {
  const [most, tail] = [asInteger(length), toText(end)];
  const more = asIntegerOr(leeway, 5);
  if (most < textLength(tail)) {
    throw new TemplateFailure("AssertionError", `expected length >= ${textLength(tail)}, got ${most}`);
  }
  if (more < 0) throw new TemplateFailure("AssertionError", `expected leeway >= 0, got ${more}`);
  if (lengthOf(s) <= most + more) return s;
  const kept = characters(methodText(s, "rsplit"))
    .slice(0, most - textLength(tail))
    .join("");
  if (isTrue(killwords)) return alike(s, kept + tail);
  const space = kept.lastIndexOf(" ");
  return alike(s, (space === -1 ? kept : kept.slice(0, space)) + tail);
}

function xmlAttributes({ d, autospace }: Values<"d" | "autospace">): Value {
  if (d instanceof Undefined) return d.fail();
  if (!(d instanceof Dict))
    throw new TemplateFailure("AttributeError", `'${typeName(d)}' object has no attribute 'items'`);
  const pairs = d.entries().flatMap(([key, value]) => {
    if (value === null || value instanceof Undefined) return [];
    if (/[\s/>=]/.test(toText(key))) {
      throw new TemplateFailure("ValueError", `Invalid character in attribute name: ${toRepr(key)}`);
    }
    return [`${htmlOrText(key)}="${htmlOrText(value)}"`];
  });
  const text = pairs.join(" ");
  return isTrue(autospace) && text !== "" ? ` ${text}` : text;
}
