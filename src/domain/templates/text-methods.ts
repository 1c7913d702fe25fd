import { asInteger, asIntegerOr, asText, bind, REQUIRED } from "./arguments.ts";
import type { Budget } from "./budget.ts";
import { typeError } from "./coerce.ts";
import { toText } from "./printing.ts";
import { items } from "./sequences.ts";
import { capitalized, characters, padded, splitLines, stripped } from "./text.ts";
import { Callable, isText, Markup, type NamedValues, TemplateFailure, Tuple, typeName, type Value } from "./values.ts";

interface Receiver {
  readonly budget: Budget;
  readonly name: string;
  readonly text: string;
  readonly args: readonly Value[];
  readonly named: NamedValues;
}

type TextMethod = (receiver: Receiver) => Value;

/** A method of a text; those of markup give markup again. `format` is bound where calls are made. */
export function methodOfText(budget: Budget, value: string | Markup, name: string): Value | undefined {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (!method)
    return name === "format"
      ? new Callable(name, notBound, { type: "str.format", fields: { self: value } })
      : undefined;
  const call = (args: readonly Value[], named: NamedValues) => {
    if (args.length > 0 && TAKES_NOTHING.test(name)) {
      throw typeError(`str.${name}() takes no arguments (${args.length} given)`);
    }
    const made = method({ budget, name, text: toText(value), args, named });
    return value instanceof Markup && typeof made === "string" ? new Markup(made) : made;
  };
  return new Callable(name, call, { owner: "str" });
}

const TAKES_NOTHING = /^(?:upper|lower|casefold|capitalize|title|swapcase|is\w+)$/;

const notBound = (): never => {
  throw typeError("format must be called");
};

const METHODS: Readonly<Record<string, TextMethod>> = {
  upper: ({ text }) => text.toUpperCase(),
  lower: ({ text }) => text.toLowerCase(),
  casefold: ({ text }) => text.toLowerCase().replaceAll("ß", "ss"),
  capitalize: ({ text }) => capitalized(text),
  title: ({ text }) => text.replaceAll(/\p{L}+/gu, capitalized),
  swapcase: ({ text }) => characters(text).map(swapped).join(""),
  strip: (of) => stripped(of.text, chars(of)),
  lstrip: (of) => stripped(of.text, chars(of), "left"),
  rstrip: (of) => stripped(of.text, chars(of), "right"),
  split: (of) => split(of, false),
  rsplit: (of) => split(of, true),
  splitlines: ({ text }) => splitLines(text),
  join,
  replace,
  startswith: (of) => affixes(of).some((affix) => of.text.startsWith(affix)),
  endswith: (of) => affixes(of).some((affix) => of.text.endsWith(affix)),
  removeprefix: (of) => (of.text.startsWith(only(of)) ? of.text.slice(only(of).length) : of.text),
  removesuffix: (of) => (only(of) !== "" && of.text.endsWith(only(of)) ? of.text.slice(0, -only(of).length) : of.text),
  find: (of) => BigInt(find(of, false)),
  rfind: (of) => BigInt(find(of, true)),
  index: (of) => found(find(of, false)),
  rindex: (of) => found(find(of, true)),
  count: (of) => BigInt(only(of) === "" ? characters(of.text).length + 1 : of.text.split(only(of)).length - 1),
  center: (of) => pad(of, "^"),
  ljust: (of) => pad(of, "<"),
  rjust: (of) => pad(of, ">"),
  zfill,
  partition: (of) => partition(of, of.text.indexOf(only(of)), false),
  rpartition: (of) => partition(of, of.text.lastIndexOf(only(of)), true),
  expandtabs: ({ text }) => text.replaceAll("\t", "        "),
  isdigit: ({ text }) => /^[\p{Nd}²³¹⁰-⁹₀-₉]+$/u.test(text),
  isdecimal: ({ text }) => /^\p{Nd}+$/u.test(text),
  isnumeric: ({ text }) => /^\p{N}+$/u.test(text),
  isalpha: ({ text }) => /^\p{L}+$/u.test(text),
  isalnum: ({ text }) => /^[\p{L}\p{N}]+$/u.test(text),
  isspace: ({ text }) => /^\s+$/u.test(text),
  isupper: ({ text }) => text !== text.toLowerCase() && text === text.toUpperCase(),
  islower: ({ text }) => text !== text.toUpperCase() && text === text.toLowerCase(),
  istitle: ({ text }) => /\p{L}/u.test(text) && text === text.replaceAll(/\p{L}+/gu, capitalized),
  isascii: ({ text }) => characters(text).every((char) => char < "\u0080"),
  isidentifier: ({ text }) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(text),
  isprintable: ({ text }) => !/[\p{C}\p{Z}]/u.test(text.replaceAll(" ", "")),
};

function swapped(char: string): string {
  return char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase();
}

function chars({ name, args, named }: Receiver): string | undefined {
  const { chars } = bind({ name, parameters: { chars: null } }, args, named);
  if (chars === null) return undefined;
  return asText(chars, () => `${name} arg must be None or str`);
}

function only({ name, args, named }: Receiver): string {
  const { value } = bind({ name, parameters: { value: REQUIRED } }, args.slice(0, 1), named);
  return asText(value, (type) => `must be str, not ${type}`);
}

function affixes({ name, args }: Receiver): readonly string[] {
  const [value = null] = args;
  const all = value instanceof Tuple ? value.items : [value];
  return all.map((affix) => asText(affix, (type) => `${name} first arg must be str or a tuple of str, not ${type}`));
}

function split({ budget, name, text, args, named }: Receiver, isFromRight: boolean): Value {
  const { sep, maxsplit } = bind({ name, parameters: { sep: null, maxsplit: -1n } }, args, named);
  const most = asInteger(maxsplit);
  if (sep !== null && toText(sep) === "") throw new TemplateFailure("ValueError", "empty separator");
  const all =
    sep === null
      ? text
          .trim()
          .split(/\s+/u)
          .filter((word) => word !== "")
      : text.split(asText(sep, (type) => `must be str or None, not ${type}`));
  budget.reserve(text.length);
  if (most < 0 || all.length <= most + 1) return all;
  const joint = sep === null ? /\s+/u : toText(sep);
  return isFromRight ? splitFromRight(text, joint, most) : splitFromLeft(text, joint, most);
}

function splitFromLeft(text: string, joint: string | RegExp, most: number): readonly string[] {
  const parts: string[] = [];
  let rest = typeof joint === "string" ? text : text.trimStart();
  for (let count = 0; count < most; count++) {
    const at = typeof joint === "string" ? rest.indexOf(joint) : rest.search(joint);
    if (at === -1) break;
    parts.push(rest.slice(0, at));
    rest = typeof joint === "string" ? rest.slice(at + joint.length) : rest.slice(at).trimStart();
  }
  return [...parts, rest];
}

function splitFromRight(text: string, joint: string | RegExp, most: number): readonly string[] {
  const parts: string[] = [];
  let rest = typeof joint === "string" ? text : text.trimEnd();
  for (let count = 0; count < most; count++) {
    const at = typeof joint === "string" ? rest.lastIndexOf(joint) : rest.search(/\s\S*$/u);
    if (at === -1) break;
    parts.unshift(rest.slice(at + (typeof joint === "string" ? joint.length : 1)));
    rest = typeof joint === "string" ? rest.slice(0, at) : rest.slice(0, at).trimEnd();
  }
  return [rest, ...parts];
}

function join({ budget, text, args }: Receiver): Value {
  const parts = items(args[0] ?? null, () => "can only join an iterable").map((item, index) => {
    if (isText(item)) return toText(item);
    throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
  });
  budget.reserve(parts.reduce((sum, part) => sum + part.length + text.length, 0));
  return parts.join(text);
}

function replace({ budget, name, text, args, named }: Receiver): Value {
  const given = bind({ name, parameters: { old: REQUIRED, new: REQUIRED, count: -1n } }, args, named);
  const [old, fresh] = [given.old, given.new].map((value, index) =>
    asText(value, (type) => `replace() argument ${index + 1} must be str, not ${type}`),
  );
  return replaceText(budget, text, { old: old ?? "", fresh: fresh ?? "", count: asInteger(given.count) });
}

/** As `str.replace`: a negative count replaces all, an empty text stands between all characters. */
export function replaceText(
  budget: Budget,
  text: string,
  how: { readonly old: string; readonly fresh: string; readonly count: number },
): string {
  const { old, fresh, count } = how;
  const places = old === "" ? characters(text).length + 1 : text.split(old).length - 1;
  const replaced = count < 0 ? places : Math.min(count, places);
  budget.reserve(text.length + replaced * fresh.length);
  let left = replaced;
  if (old !== "") return text.replaceAll(old, () => (left-- > 0 ? fresh : old));
  const spread = characters(text).map((char) => (left-- > 0 ? fresh : "") + char);
  return spread.join("") + (left > 0 ? fresh : "");
}

function find(of: Receiver, isFromRight: boolean): number {
  const wanted = only(of);
  const all = characters(of.text);
  const start = asIntegerOr(of.args[1] ?? null, 0);
  const end = asIntegerOr(of.args[2] ?? null, all.length);
  const skipped = start < 0 ? Math.max(0, start + all.length) : start;
  const part = all.slice(start, end).join("");
  const at = isFromRight ? part.lastIndexOf(wanted) : part.indexOf(wanted);
  return at === -1 ? -1 : characters(part.slice(0, at)).length + skipped;
}

function found(at: number): bigint {
  if (at === -1) throw new TemplateFailure("ValueError", "substring not found");
  return BigInt(at);
}

function pad({ budget, name, text, args, named }: Receiver, align: "<" | ">" | "^"): string {
  const { width, fillchar } = bind({ name, parameters: { width: REQUIRED, fillchar: " " } }, args, named);
  const fill = asText(fillchar, (type) => `The fill character must be a unicode character, not ${type}`);
  if (characters(fill).length !== 1) throw typeError("The fill character must be exactly one character long");
  budget.reserve(asInteger(width));
  return centered(text, asInteger(width), { align, fill });
}

/** Python's `center` puts the odd place before the text when the width is odd. */
export function centered(
  text: string,
  width: number,
  how: { readonly align: "<" | ">" | "^"; readonly fill: string },
): string {
  const missing = width - characters(text).length;
  if (how.align !== "^" || missing <= 0) return padded(text, width, how);
  const left = Math.floor(missing / 2) + (missing % 2 === 1 && width % 2 === 1 ? 1 : 0);
  return how.fill.repeat(left) + text + how.fill.repeat(missing - left);
}

function zfill({ budget, name, text, args, named }: Receiver): string {
  const width = asInteger(bind({ name, parameters: { width: REQUIRED } }, args, named).width);
  budget.reserve(width);
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, "0");
}

function partition(of: Receiver, at: number, isFromRight: boolean): Tuple {
  const sep = only(of);
  if (sep === "") throw new TemplateFailure("ValueError", "empty separator");
  if (at === -1) return new Tuple(isFromRight ? ["", "", of.text] : [of.text, "", ""]);
  return new Tuple([of.text.slice(0, at), sep, of.text.slice(at + sep.length)]);
}
