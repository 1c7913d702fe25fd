type Token =
  | { readonly kind: "rest" }
  | { readonly kind: "any" }
  | { readonly kind: "one"; readonly is: (character: string) => boolean };

/** Whether a text as a whole is what a pattern describes. */
export type TextMatcher = (text: string) => boolean;

/**
 * A shell-style pattern: `*` stands for any text, `?` for one character, `[a-z]` and `[!a-z]` for one of a set. Takes
 * time proportional to pattern times text at worst, whoever wrote the pattern.
 */
export function glob(pattern: string): TextMatcher {
  if (!/[*?[]/.test(pattern)) return (text) => text === pattern;
  const head = pattern.slice(0, -1);
  if (pattern.endsWith("*") && !/[*?[]/.test(head)) return (text) => text.startsWith(head);
  const tokens = tokenise([...pattern]);
  return (text) => walk(tokens, [...text]);
}

/** A `glob` that a leading `!` turns into its opposite; what is absent never matches. */
export function valuePattern(pattern: string): (value: string | undefined) => boolean {
  const isNegated = pattern.startsWith("!");
  const matches = glob(isNegated ? pattern.slice(1) : pattern);
  return (value) => value !== undefined && matches(value) !== isNegated;
}

/** Whether a text begins with what the pattern describes, where `*` stands for one character or more and the rest for itself. */
export function prefixPattern(pattern: string): TextMatcher {
  const anyCharacter: Token = { kind: "any" };
  const tokens = [...pattern].flatMap((character) => (character === "*" ? [anyCharacter, REST] : [literal(character)]));
  return (text) => walk([...tokens, REST], [...text]);
}

const REST: Token = { kind: "rest" };

function literal(wanted: string): Token {
  return { kind: "one", is: (character) => character === wanted };
}

function tokenise(pattern: readonly string[]): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    const end = character === "[" ? endOfSet(pattern, at) : undefined;
    if (end !== undefined) {
      tokens.push({ kind: "one", is: memberOf(pattern.slice(at + 1, end)) });
      at = end;
    } else tokens.push(tokenOf(character));
  }
  return tokens;
}

function tokenOf(character: string): Token {
  if (character === "*") return REST;
  return character === "?" ? { kind: "any" } : literal(character);
}

/** Where the set ends; undefined where none does, and `[` stands for itself. A `]` at the start belongs to the set. */
function endOfSet(pattern: readonly string[], start: number): number | undefined {
  const first = pattern[start + 1] === "!" ? start + 2 : start + 1;
  const end = pattern.indexOf("]", first + 1);
  return end === -1 ? undefined : end;
}

function memberOf(set: readonly string[]): (character: string) => boolean {
  const isNegated = set[0] === "!";
  const members = isNegated ? set.slice(1) : set;
  const ranges: [number, number][] = [];
  for (let at = 0; at < members.length; at++) {
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    ranges.push([codePoint(members[at]), codePoint(members[isRange ? at + 2 : at])]);
    if (isRange) at += 2;
  }
  return (character) => {
    const code = codePoint(character);
    return ranges.some(([from, to]) => from <= code && code <= to) !== isNegated;
  };
}

function codePoint(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0;
}

/** Only the last `*` is ever tried anew: what an earlier one could take, the last one can as well. */
function walk(tokens: readonly Token[], text: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let retry: { readonly token: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = tokens[token];
    if (wanted?.kind === "rest") {
      token += 1;
      retry = { token, at };
    } else if (wanted && (wanted.kind === "any" || wanted.is(text[at] as string))) {
      token += 1;
      at += 1;
    } else if (retry) {
      retry.at += 1;
      ({ token, at } = retry);
    } else return false;
  }
  return tokens.slice(token).every(({ kind }) => kind === "rest");
}
