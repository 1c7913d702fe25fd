/** What is wrong with a text that is not JSON, in the words and positions of Python's decoder. */
export interface JsonError {
  readonly message: string;
  /** Index of the first character that cannot be understood. */
  readonly position: number;
}

/** Undefined for text that is JSON. Nesting deeper than the stack throws a RangeError. */
export function findJsonError(text: string): JsonError | undefined {
  try {
    const end = skipValue(text, skipSpace(text, 0));
    const rest = skipSpace(text, end);
    return rest === text.length ? undefined : { message: "Extra data", position: rest };
  } catch (error) {
    if (error instanceof Stop) return { message: error.message, position: error.position };
    throw error;
  }
}

/** The whole text of Python's error: `Expecting value: line 1 column 1 (char 0)`. */
export function describeJsonError(text: string, { message, position }: JsonError): string {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  return `${message}: line ${line} column ${position - before.lastIndexOf("\n")} (char ${position})`;
}

class Stop extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /null|true|false|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in a string
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const skipSpace = (text: string, at: number) => skip(SPACE, text, at);

function skipValue(text: string, at: number): number {
  if (text[at] === "{") return skipObject(text, at + 1);
  if (text[at] === "[") return skipArray(text, at + 1);
  if (text[at] === '"') return skipString(text, at);
  const end = skip(SCALAR, text, at);
  if (end === at) throw new Stop("Expecting value", at);
  return end;
}

function skipArray(text: string, from: number): number {
  let at = skipSpace(text, from);
  if (text[at] === "]") return at + 1;
  for (;;) {
    at = skipSpace(text, skipValue(text, at));
    if (text[at] === "]") return at + 1;
    if (text[at] !== ",") throw new Stop("Expecting ',' delimiter", at);
    at = skipSpace(text, at + 1);
  }
}

function skipObject(text: string, from: number): number {
  let at = skipSpace(text, from);
  if (text[at] === "}") return at + 1;
  for (;;) {
    if (text[at] !== '"') throw new Stop("Expecting property name enclosed in double quotes", at);
    at = skipSpace(text, skipString(text, at));
    if (text[at] !== ":") throw new Stop("Expecting ':' delimiter", at);
    at = skipSpace(text, skipValue(text, skipSpace(text, at + 1)));
    if (text[at] === "}") return at + 1;
    if (text[at] !== ",") throw new Stop("Expecting ',' delimiter", at);
    at = skipSpace(text, at + 1);
  }
}

function skipString(text: string, opening: number): number {
  let at = skip(PLAIN_TEXT, text, opening + 1);
  while (text[at] !== '"') {
    if (at >= text.length) throw new Stop("Unterminated string starting at", opening);
    if (text[at] !== "\\") throw new Stop("Invalid control character at", at);
    const escaped = text[at + 1];
    if (escaped === undefined) throw new Stop("Unterminated string starting at", opening);
    const isUnicode = escaped === "u";
    if (isUnicode && !/^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)))
      throw new Stop("Invalid \\uXXXX escape", at + 1);
    if (!'"\\/bfnrtu'.includes(escaped)) throw new Stop("Invalid \\escape", at);
    at = skip(PLAIN_TEXT, text, at + (isUnicode ? 6 : 2));
  }
  return at + 1;
}
