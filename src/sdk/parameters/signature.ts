/** A parameter of a function, read from its source text. */
interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
  /** The default when its source is a JSON-like literal, else undefined. */
  readonly defaultValue: unknown;
}

/** How a flow or task takes its parameters. */
export interface Signature {
  /** `object`: one object with the parameters as its properties. `rest`: as positional, the last takes what is left. */
  readonly kind: "positional" | "object" | "rest";
  readonly parameters: readonly Parameter[];
}

/** The name that makes a function's last parameter the run's context instead of a parameter of the run. */
const CONTEXT = "ctx";

/**
 * Reads the names of a function's parameters: types are gone when the program runs, names are not. A single destructured
 * object counts as an object of parameters.
 */
export function readSignature(fn: (...args: never[]) => unknown): Signature {
  const declared = splitTopLevel(parameterList(fn.toString()));
  const parts = declared.at(-1) === CONTEXT ? declared.slice(0, -1) : declared;
  const [only] = parts;
  if (parts.length === 1 && only?.startsWith("{")) return objectSignature(only);
  const parameters = parts.map((part, index) => toParameter(part, index));
  return { kind: parts.at(-1)?.startsWith("...") ? "rest" : "positional", parameters };
}

function objectSignature(pattern: string): Signature {
  const inner = pattern.slice(1, matchingBracket(pattern, 0));
  const parameters = splitTopLevel(inner).filter((part) => !part.startsWith("..."));
  return { kind: "object", parameters: parameters.map((part) => toParameter(withoutAlias(part), 0)) };
}

function toParameter(source: string, index: number): Parameter {
  const text = source.replace(/^\.\.\./, "");
  const equals = topLevelIndex(text, "=");
  const head = (equals === -1 ? text : text.slice(0, equals)).trim();
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(head) ? head : `arg${index}`;
  const isRest = source.startsWith("...");
  return {
    name,
    isRequired: equals === -1 && !isRest,
    defaultValue: equals === -1 ? undefined : literal(text.slice(equals + 1).trim()),
  };
}

/** `{ a: b = 1 }` is the parameter `a`. */
function withoutAlias(part: string): string {
  const colon = topLevelIndex(part, ":");
  if (colon === -1) return part;
  const equals = topLevelIndex(part, "=");
  return part.slice(0, colon) + (equals === -1 ? "" : part.slice(equals));
}

function literal(source: string): unknown {
  const quoted = /^(['`])([^'"`\\$]*)\1$/.exec(source);
  try {
    return JSON.parse(quoted ? `"${quoted[2]}"` : source);
  } catch {
    return undefined;
  }
}

/** The text between the parentheses of the parameter list. */
function parameterList(source: string): string {
  const text = withoutComments(source);
  const single = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(text);
  if (single?.[1]) return single[1];
  const open = text.indexOf("(");
  return open === -1 ? "" : text.slice(open + 1, matchingBracket(text, open));
}

function withoutComments(source: string): string {
  const strings = /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return source.replace(strings, (_match, text: string | undefined) => text ?? " ");
}

const OPENING = "([{";
const CLOSING = ")]}";

/** Calls `visit` for each character outside strings, with the bracket depth before it, until it returns true. */
function scan(text: string, visit: (char: string, index: number, depth: number) => boolean): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string;
    if (char === '"' || char === "'" || char === "`") {
      index = endOfString(text, index);
      continue;
    }
    if (CLOSING.includes(char)) depth--;
    if (visit(char, index, depth)) return index;
    if (OPENING.includes(char)) depth++;
  }
  return -1;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === text[start]) return index;
  }
  return text.length;
}

function matchingBracket(text: string, open: number): number {
  const rest = text.slice(open);
  const found = scan(rest, (char, index, depth) => index > 0 && depth === 0 && CLOSING.includes(char));
  return found === -1 ? text.length : open + found;
}

function topLevelIndex(text: string, wanted: string): number {
  return scan(
    text,
    (char, index, depth) => depth === 0 && char === wanted && text[index + 1] !== ">" && text[index + 1] !== "=",
  );
}

function splitTopLevel(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  scan(text, (char, index, depth) => {
    if (char === "," && depth === 0) {
      parts.push(text.slice(from, index));
      from = index + 1;
    }
    return false;
  });
  parts.push(text.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
