import { quoted } from "./errors.ts";
import type { Body, Expression, Signature, Statement, Target } from "./nodes.ts";
import { parseExpression, parsePipes, parseTuple, type TupleRules } from "./parse-expression.ts";
import { TokenStream } from "./token-stream.ts";

/** @throws TemplateProblem */
export function parseTemplate(template: string): Body {
  return parseBody(new TokenStream(template), undefined);
}

/** Statements up to a tag of `endings`, at whose name the stream then stands; up to the end of the text without any. */
function parseBody(tokens: TokenStream, endings: readonly string[] | undefined): Body {
  const body: Statement[] = [];
  if (endings) tokens.endings.push(endings);
  while (!tokens.is("eof")) {
    const { type, value, line } = tokens.next();
    if (type === "data") body.push({ kind: "text", text: value, line });
    else if (type === "variable_begin") {
      body.push({ kind: "print", values: [parseTuple(tokens)], line });
      tokens.expect("variable_end");
    } else {
      if (endings && tokens.isWord(...endings)) break;
      body.push(...parseTag(tokens));
      tokens.expect("block_end");
    }
  }
  if (endings) tokens.endings.pop();
  return body;
}

function parseTag(tokens: TokenStream): readonly Statement[] {
  if (!tokens.is("name")) tokens.fail("tag name expected");
  const { value: tag, line } = tokens.current;
  const parse = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
  if (!parse) return failAt(tokens, { tag, endings: tokens.endings, line });
  tokens.tags.push(tag);
  tokens.next();
  const statement = parse(tokens, line);
  tokens.tags.pop();
  return [statement];
}

/** The body of a tag. With `isLast`, its end is read, too. */
function parseInside(tokens: TokenStream, endings: readonly string[], isLast = true): Body {
  tokens.skip(":");
  tokens.expect("block_end");
  const body = parseBody(tokens, endings);
  if (tokens.is("eof")) {
    const { line } = tokens.current;
    failAt(tokens, { tag: undefined, endings: [...tokens.endings, endings], line });
  }
  if (isLast) tokens.next();
  return body;
}

interface Failing {
  /** Undefined at the end of the template. */
  readonly tag: string | undefined;
  readonly endings: readonly (readonly string[])[];
  readonly line: number;
}

/** Says which tag is unknown or missing, and what would have been right. */
function failAt(tokens: TokenStream, { tag, endings, line }: Failing): never {
  const wanted = endings.at(-1)?.map(quoted).join(" or ");
  const sentences = [tag === undefined ? "Unexpected end of template." : `Encountered unknown tag ${quoted(tag)}.`];
  if (wanted !== undefined) {
    const isMisplaced = tag !== undefined && endings.flat().includes(tag);
    sentences.push(
      isMisplaced
        ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
        : `Jinja was looking for the following tags: ${wanted}.`,
    );
  }
  const innermost = tokens.tags.at(-1);
  if (innermost !== undefined) {
    sentences.push(`The innermost block that needs to be closed is ${quoted(innermost)}.`);
  }
  return tokens.fail(sentences.join(" "), line);
}

type TagParser = (tokens: TokenStream, line: number) => Statement;

const TAGS: Readonly<Record<string, TagParser>> = {
  for: parseFor,
  if: parseIf,
  set: parseSet,
  with: parseWith,
  block: parseBlock,
  macro(tokens, line) {
    const name = parseWordTarget(tokens);
    const signature = parseSignature(tokens);
    return { kind: "macro", name, signature, body: parseInside(tokens, ["endmacro"]), line };
  },
  call: parseCallBlock,
  filter(tokens, line) {
    const filter = parsePipes(tokens, undefined, true) as Expression;
    return { kind: "filter-block", filter, body: parseInside(tokens, ["endfilter"]), line };
  },
  autoescape(tokens, line) {
    const value = parseExpression(tokens);
    return { kind: "autoescape", value, body: parseInside(tokens, ["endautoescape"]), line };
  },
  print(tokens, line) {
    const values: Expression[] = [];
    while (!tokens.is("block_end")) {
      if (values.length > 0) tokens.expect(",");
      values.push(parseExpression(tokens));
    }
    return { kind: "print", values, line };
  },
  extends(tokens, line) {
    parseExpression(tokens);
    return { kind: "other-template", line };
  },
  include(tokens, line) {
    parseExpression(tokens);
    if (tokens.isWord("ignore") && tokens.look().value === "missing") {
      tokens.next();
      tokens.next();
    }
    skipContext(tokens);
    return { kind: "other-template", line };
  },
  import(tokens, line) {
    parseExpression(tokens);
    tokens.expectWord("as");
    parseWordTarget(tokens);
    skipContext(tokens);
    return { kind: "other-template", line };
  },
  from: parseFromImport,
};

function parseFor(tokens: TokenStream, line: number): Statement {
  const target = parseTarget(tokens, { ends: ["in"] });
  tokens.expectWord("in");
  const over = parseTuple(tokens, { hasConditions: false, ends: ["recursive"] });
  const test = tokens.skipWord("if") ? parseExpression(tokens) : undefined;
  const isRecursive = tokens.skipWord("recursive");
  const body = parseInside(tokens, ["endfor", "else"], false);
  const otherwise = tokens.next().value === "endfor" ? [] : parseInside(tokens, ["endfor"]);
  return { kind: "for", target, over, test, isRecursive, body, otherwise, line };
}

function parseIf(tokens: TokenStream, line: number): Statement {
  const branches: { test: Expression; body: Body }[] = [];
  for (;;) {
    const test = parseTuple(tokens, { hasConditions: false });
    branches.push({ test, body: parseInside(tokens, ["elif", "else", "endif"], false) });
    const { value } = tokens.next();
    if (value === "elif") continue;
    const otherwise = value === "else" ? parseInside(tokens, ["endif"]) : [];
    return { kind: "if", branches, otherwise, line };
  }
}

function parseSet(tokens: TokenStream, line: number): Statement {
  const target = parseTarget(tokens, { hasNamespaces: true });
  if (tokens.skip("=")) return { kind: "set", target, value: parseTuple(tokens), line };
  const filter = parsePipes(tokens, undefined);
  return { kind: "set-block", target, filter, body: parseInside(tokens, ["endset"]), line };
}

function parseWith(tokens: TokenStream, line: number): Statement {
  const targets: Target[] = [];
  const values: Expression[] = [];
  while (!tokens.is("block_end")) {
    if (targets.length > 0) tokens.expect(",");
    targets.push(parseTarget(tokens));
    tokens.expect("=");
    values.push(parseExpression(tokens));
  }
  return { kind: "with", targets, values, body: parseInside(tokens, ["endwith"]), line };
}

function parseBlock(tokens: TokenStream, line: number): Statement {
  const name = tokens.expect("name").value;
  tokens.skipWord("scoped");
  const isRequired = tokens.skipWord("required");
  if (tokens.is("-")) {
    tokens.fail(
      "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
    );
  }
  const body = parseInside(tokens, ["endblock"]);
  if (isRequired && !body.every((statement) => statement.kind === "text" && statement.text.trim() === "")) {
    tokens.fail("Required blocks can only contain comments or whitespace");
  }
  tokens.skipWord(name);
  return { kind: "block", name, body, line };
}

function parseCallBlock(tokens: TokenStream, line: number): Statement {
  const signature = tokens.is("(") ? parseSignature(tokens) : { parameters: [], defaults: [] };
  const call = parseExpression(tokens);
  if (call.kind !== "call") tokens.fail("expected call", line);
  return { kind: "call-block", signature, call, body: parseInside(tokens, ["endcall"]), line };
}

function parseFromImport(tokens: TokenStream, line: number): Statement {
  parseExpression(tokens);
  tokens.expectWord("import");
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst) tokens.expect(",");
    if (skipContext(tokens)) break;
    const { line: nameLine } = tokens.current;
    if (parseWordTarget(tokens).startsWith("_")) {
      tokens.fail("names starting with an underline can not be imported", nameLine);
    }
    if (tokens.skipWord("as")) parseWordTarget(tokens);
    if (skipContext(tokens) || !tokens.is(",")) break;
  }
  return { kind: "other-template", line };
}

function skipContext(tokens: TokenStream): boolean {
  if (!tokens.isWord("with", "without") || tokens.look().value !== "context") return false;
  tokens.next();
  tokens.next();
  return true;
}

function parseSignature(tokens: TokenStream): Signature {
  const parameters: string[] = [];
  const defaults: Expression[] = [];
  tokens.expect("(");
  while (!tokens.is(")")) {
    if (parameters.length > 0) tokens.expect(",");
    const name = parseWordTarget(tokens);
    if (tokens.skip("=")) defaults.push(parseExpression(tokens));
    else if (defaults.length > 0) tokens.fail("non-default argument follows default argument");
    parameters.push(name);
  }
  tokens.expect(")");
  return { parameters, defaults };
}

/** A single name that is given a value. */
function parseWordTarget(tokens: TokenStream): string {
  const { value, line } = tokens.expect("name");
  checkName(tokens, value, line);
  return value;
}

function parseTarget(tokens: TokenStream, rules: TupleRules = {}): Target {
  const target = parseTuple(tokens, { ...rules, isSimple: true });
  const wrong = findUnassignable(target);
  if (wrong !== undefined) tokens.fail(`can't assign to ${quoted(wrong)}`, target.line);
  return target as Target;
}

const RESERVED = new Set(["true", "false", "none", "True", "False", "None"]);

function checkName(tokens: TokenStream, name: string, line: number): void {
  if (RESERVED.has(name)) tokens.fail("can't assign to 'name'", line);
}

/** The reference's word for what cannot be assigned to, if it is that. */
function findUnassignable(target: Expression): string | undefined {
  if (target.kind === "name" || target.kind === "namespace-field") return undefined;
  if (target.kind === "tuple") {
    return target.items.some((item) => findUnassignable(item) !== undefined) ? "tuple" : undefined;
  }
  return target.kind === "literal" ? "const" : target.kind;
}
