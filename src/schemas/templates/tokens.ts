import { quoted, TemplateProblem } from "./errors.ts";
import { readString } from "./string-escapes.ts";

/** Signs are their own type; the others are described by `describeType`. */
export interface Token {
  readonly type: string;
  /** Text of names and strings and data; digits of numbers without underscores. */
  readonly value: string;
  readonly line: number;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  block_begin: "begin of statement block",
  block_end: "end of statement block",
  variable_begin: "begin of print statement",
  variable_end: "end of print statement",
  data: "template data / text",
  eof: "end of template",
};

export function describeType(type: string): string {
  return DESCRIPTIONS[type] ?? type;
}

const OPENING =
  /\{%(?<raw>[-+]?)\s*raw\s*(?:-%\}\s*|%\})|\{#(?<comment>[-+]?)|\{%(?<block>[-+]?)|\{\{(?<variable>[-+]?)/g;
const COMMENT_END = /\+#\}|-#\}\s*|#\}/g;
const RAW_END = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g;
const BLOCK_END = /\+%\}|-%\}\s*|%\}/y;
const VARIABLE_END = /-\}\}\s*|\}\}/y;

const SPACE = /\s+/y;
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{N}\p{M}\p{Pc}]+/uy;
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const SIGN = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const IDENTIFIER = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;
/** In the order in which they are tried; signs have no name. */
const PATTERNS: readonly (readonly [string | undefined, RegExp])[] = [
  ["float", FLOAT],
  ["integer", INTEGER],
  ["name", NAME],
  ["string", STRING],
  [undefined, SIGN],
];
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

interface Position {
  readonly at: number;
  readonly line: number;
}

/** Splits a template into tokens, as far as it is asked to. @throws TemplateProblem */
export function* tokenize(template: string): Generator<Token, void, undefined> {
  const source = template.replaceAll(/\r\n?/g, "\n").replace(/\n$/, "");
  let position: Position = { at: 0, line: 1 };
  while (position.at < source.length) {
    const opening = search(OPENING, source, position.at);
    const { comment, raw, block } = opening?.groups ?? {};
    const text = source.slice(position.at, opening?.index);
    yield* data(text, { isStripped: Object.values(opening?.groups ?? {}).includes("-"), line: position.line });
    if (!opening) return;
    position = advance(source, position, endOf(opening));
    // Jinja lets pass a comment or raw text that begins at the very end.
    if (position.at === source.length && (comment ?? raw) !== undefined) return;
    if (comment !== undefined) position = skipComment(source, position);
    else if (raw !== undefined) position = yield* rawText(source, position);
    else position = yield* tag(source, position, block === undefined ? "variable" : "block");
  }
}

function skipComment(source: string, from: Position): Position {
  const end = search(COMMENT_END, source, from.at);
  if (!end) throw new TemplateProblem("Missing end of comment tag", from.line);
  return advance(source, from, endOf(end));
}

function* rawText(source: string, from: Position): Generator<Token, Position, undefined> {
  const end = search(RAW_END, source, from.at);
  if (!end) throw new TemplateProblem("Missing end of raw directive", from.line);
  yield* data(source.slice(from.at, end.index), { isStripped: end[1] === "-", line: from.line });
  return advance(source, from, endOf(end));
}

function* data(text: string, how: { readonly isStripped: boolean; readonly line: number }): Generator<Token> {
  const value = how.isStripped ? text.trimEnd() : text;
  if (value !== "") yield { type: "data", value, line: how.line };
}

/** The tokens of one tag; brackets that are open keep it from ending. */
function* tag(source: string, from: Position, kind: "variable" | "block"): Generator<Token, Position, undefined> {
  yield { type: `${kind}_begin`, value: "", line: from.line };
  const open: string[] = [];
  const ending = kind === "block" ? BLOCK_END : VARIABLE_END;
  let position = from;
  while (position.at < source.length) {
    const end = open.length === 0 ? take(ending, source, position.at) : undefined;
    if (end !== undefined) {
      yield { type: `${kind}_end`, value: "", line: position.line };
      return advance(source, position, position.at + end.length);
    }
    const space = take(SPACE, source, position.at);
    if (space === undefined) {
      const [token, length] = readToken(source, position);
      balance(open, token);
      yield token;
      position = advance(source, position, position.at + length);
    } else position = advance(source, position, position.at + space.length);
  }
  return position;
}

function readToken(source: string, { at, line }: Position): readonly [Token, number] {
  for (const [type, pattern] of PATTERNS) {
    const text = take(pattern, source, at);
    if (text !== undefined) return [{ type: type ?? text, value: tokenValue(type, text, line), line }, text.length];
  }
  const position = [...source.slice(0, at)].length;
  const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw new TemplateProblem(`unexpected char ${quoted(char)} at ${position}`, line);
}

function tokenValue(type: string | undefined, text: string, line: number): string {
  if (type === "string") return readString(text.slice(1, -1), line);
  if (type === "integer" || type === "float") return text.replaceAll("_", "");
  if (type === "name" && !IDENTIFIER.test(text)) throw new TemplateProblem("Invalid character in identifier", line);
  return text;
}

/** Notes an opening bracket, and checks a closing one. */
function balance(open: string[], { type, line }: Token): void {
  const closing = CLOSING[type];
  if (closing !== undefined) open.push(closing);
  else if (type === "}" || type === ")" || type === "]") {
    const expected = open.pop();
    if (expected === undefined) throw new TemplateProblem(`unexpected '${type}'`, line);
    if (expected !== type) throw new TemplateProblem(`unexpected '${type}', expected '${expected}'`, line);
  }
}

function search(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function take(pattern: RegExp, source: string, at: number): string | undefined {
  return search(pattern, source, at)?.[0];
}

const endOf = (match: RegExpExecArray) => match.index + match[0].length;

function advance(source: string, from: Position, to: number): Position {
  let { line } = from;
  for (let at = from.at; at < to; at++) if (source[at] === "\n") line += 1;
  return { at: to, line };
}
