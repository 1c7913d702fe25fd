import { quoted } from "./errors.ts";
import type { Arguments, BinaryOperator, Comparison, Expression } from "./nodes.ts";
import type { TokenStream } from "./token-stream.ts";

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const TUPLE_ENDS: ReadonlySet<string> = new Set(["variable_end", "block_end", ")"]);
const STARTS_ARGUMENT: ReadonlySet<string> = new Set(["name", "string", "integer", "float", "(", "[", "{"]);

export interface TupleRules {
  /** Only names and literals, as where values are assigned. */
  readonly isSimple?: boolean;
  /** False where `if` means something else. @default true */
  readonly hasConditions?: boolean;
  /** Words that end the tuple. */
  readonly ends?: readonly string[];
  readonly isInParentheses?: boolean;
  readonly hasNamespaces?: boolean;
}

/** An expression, or several of them with commas between. */
export function parseTuple(tokens: TokenStream, rules: TupleRules = {}): Expression {
  const { line } = tokens.current;
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) tokens.expect(",");
    if (TUPLE_ENDS.has(tokens.current.type) || tokens.isWord(...(rules.ends ?? []))) break;
    items.push(
      rules.isSimple
        ? parsePrimary(tokens, rules.hasNamespaces)
        : parseExpression(tokens, { hasConditions: rules.hasConditions ?? true }),
    );
    if (!tokens.is(",")) break;
    isTuple = true;
  }
  const [only] = items;
  if (!isTuple && only) return only;
  if (!isTuple && !rules.isInParentheses) tokens.fail(`Expected an expression, got ${quoted(tokens.describe())}`);
  return { kind: "tuple", items, line };
}

export function parseExpression(tokens: TokenStream, { hasConditions = true } = {}): Expression {
  return hasConditions ? parseCondition(tokens) : parseOr(tokens);
}

function parseCondition(tokens: TokenStream): Expression {
  let then = parseOr(tokens);
  while (tokens.skipWord("if")) {
    const test = parseOr(tokens);
    const otherwise = tokens.skipWord("else") ? parseCondition(tokens) : undefined;
    then = { kind: "condition", test, then, otherwise, line: then.line };
  }
  return then;
}

function parseOr(tokens: TokenStream): Expression {
  let left = parseAnd(tokens);
  while (tokens.skipWord("or")) left = binary({ operator: "or", left, right: parseAnd(tokens) });
  return left;
}

function parseAnd(tokens: TokenStream): Expression {
  let left = parseNot(tokens);
  while (tokens.skipWord("and")) left = binary({ operator: "and", left, right: parseNot(tokens) });
  return left;
}

function parseNot(tokens: TokenStream): Expression {
  const { line } = tokens.current;
  if (!tokens.skipWord("not")) return parseCompare(tokens);
  return { kind: "unary", operator: "not", operand: parseNot(tokens), line };
}

function parseCompare(tokens: TokenStream): Expression {
  const { line } = tokens.current;
  const first = parseSum(tokens);
  const rest: { operator: Comparison; operand: Expression }[] = [];
  for (let operator = comparison(tokens); operator !== undefined; operator = comparison(tokens)) {
    rest.push({ operator, operand: parseSum(tokens) });
  }
  return rest.length === 0 ? first : { kind: "compare", first, rest, line };
}

function comparison(tokens: TokenStream): Comparison | undefined {
  if (COMPARISONS.has(tokens.current.type)) return tokens.next().type as Comparison;
  if (tokens.skipWord("in")) return "in";
  if (!tokens.isWord("not")) return undefined;
  const { type, value } = tokens.look();
  if (type !== "name" || value !== "in") return undefined;
  tokens.next();
  tokens.next();
  return "not in";
}

function parseSum(tokens: TokenStream): Expression {
  let left = parseConcat(tokens);
  while (tokens.is("+") || tokens.is("-")) left = operation(tokens, left, parseConcat);
  return left;
}

function parseConcat(tokens: TokenStream): Expression {
  const first = parseProduct(tokens);
  const parts = [first];
  while (tokens.skip("~")) parts.push(parseProduct(tokens));
  return parts.length === 1 ? first : { kind: "concat", parts, line: first.line };
}

function parseProduct(tokens: TokenStream): Expression {
  let left = parsePower(tokens);
  while (tokens.is("*") || tokens.is("/") || tokens.is("//") || tokens.is("%")) {
    left = operation(tokens, left, parsePower);
  }
  return left;
}

/** Read from the left, unlike Python's. */
function parsePower(tokens: TokenStream): Expression {
  let left = parseUnary(tokens);
  while (tokens.is("**")) left = operation(tokens, left, parseUnary);
  return left;
}

function operation(tokens: TokenStream, left: Expression, parseRight: (tokens: TokenStream) => Expression): Expression {
  const operator = tokens.next().type as BinaryOperator;
  return binary({ operator, left, right: parseRight(tokens) });
}

interface Operation {
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

function binary(of: Operation): Expression {
  return { kind: "binary", ...of, line: of.left.line };
}

function parseUnary(tokens: TokenStream, hasFilters = true): Expression {
  const { line, type } = tokens.current;
  let node: Expression;
  if (type === "-" || type === "+") {
    tokens.next();
    node = { kind: "unary", operator: type, operand: parseUnary(tokens, false), line };
  } else node = parsePrimary(tokens);
  node = parsePostfix(tokens, node);
  return hasFilters ? parseFilters(tokens, node) : node;
}

function parsePrimary(tokens: TokenStream, hasNamespaces = false): Expression {
  const { type, value, line } = tokens.current;
  switch (type) {
    case "name":
      tokens.next();
      return parseName(tokens, { name: value, line, hasNamespaces });
    case "string":
      return { kind: "literal", value: joinedStrings(tokens), line };
    case "integer":
      tokens.next();
      return { kind: "literal", value: BigInt(value), line };
    case "float":
      tokens.next();
      return { kind: "literal", value: Number(value), line };
    case "(": {
      tokens.next();
      const inner = parseTuple(tokens, { isInParentheses: true });
      tokens.expect(")");
      return inner;
    }
    case "[":
      return parseList(tokens);
    case "{":
      return parseDict(tokens);
    default:
      return tokens.fail(`unexpected ${quoted(tokens.describe())}`);
  }
}

function parseName(
  tokens: TokenStream,
  { name, line, hasNamespaces }: { readonly name: string; readonly line: number; readonly hasNamespaces: boolean },
): Expression {
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return { kind: "literal", value: constant, line };
  if (!hasNamespaces || !tokens.skip(".")) return { kind: "name", name, line };
  return { kind: "namespace-field", name, field: tokens.expect("name").value, line };
}

/** Strings one after the other are one. */
function joinedStrings(tokens: TokenStream): string {
  let text = "";
  while (tokens.is("string")) text += tokens.next().value;
  return text;
}

function parseList(tokens: TokenStream): Expression {
  const { line } = tokens.expect("[");
  const items: Expression[] = [];
  while (!tokens.is("]")) {
    if (items.length > 0) tokens.expect(",");
    if (tokens.is("]")) break;
    items.push(parseExpression(tokens));
  }
  tokens.expect("]");
  return { kind: "list", items, line };
}

function parseDict(tokens: TokenStream): Expression {
  const { line } = tokens.expect("{");
  const entries: { key: Expression; value: Expression }[] = [];
  while (!tokens.is("}")) {
    if (entries.length > 0) tokens.expect(",");
    if (tokens.is("}")) break;
    const key = parseExpression(tokens);
    tokens.expect(":");
    entries.push({ key, value: parseExpression(tokens) });
  }
  tokens.expect("}");
  return { kind: "dict", entries, line };
}

function parsePostfix(tokens: TokenStream, start: Expression): Expression {
  let node = start;
  for (;;) {
    if (tokens.is(".")) node = parseAttribute(tokens, node);
    else if (tokens.is("[")) node = parseSubscript(tokens, node);
    else if (tokens.is("(")) node = parseCall(tokens, node);
    else return node;
  }
}

function parseAttribute(tokens: TokenStream, of: Expression): Expression {
  const { line } = tokens.next();
  const { type, value, line: keyLine } = tokens.next();
  if (type === "name") return { kind: "attribute", of, name: value, line };
  if (type !== "integer") tokens.fail("expected name or number", keyLine);
  return { kind: "item", of, key: { kind: "literal", value: BigInt(value), line: keyLine }, line };
}

function parseSubscript(tokens: TokenStream, of: Expression): Expression {
  const { line } = tokens.next();
  const keys: Expression[] = [];
  while (!tokens.is("]")) {
    if (keys.length > 0) tokens.expect(",");
    keys.push(parseSubscribed(tokens));
  }
  tokens.expect("]");
  const [only] = keys;
  const key: Expression = keys.length === 1 && only ? only : { kind: "tuple", items: keys, line };
  return { kind: "item", of, key, line };
}

function parseSubscribed(tokens: TokenStream): Expression {
  const { line } = tokens.current;
  const start = tokens.is(":") ? undefined : parseExpression(tokens);
  if (start && !tokens.is(":")) return start;
  tokens.next();
  const isOver = () => tokens.is("]") || tokens.is(",");
  const stop = tokens.is(":") || isOver() ? undefined : parseExpression(tokens);
  const step = !tokens.skip(":") || isOver() ? undefined : parseExpression(tokens);
  return { kind: "slice", start, stop, step, line };
}

function parseCall(tokens: TokenStream, callee: Expression): Expression {
  const { line } = tokens.current;
  return { kind: "call", callee, ...parseArguments(tokens), line };
}

function parseArguments(tokens: TokenStream): Arguments {
  const { line } = tokens.expect("(");
  const args: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
  let rest: Expression | undefined;
  let namedRest: Expression | undefined;
  const ensure = (isAllowed: boolean) => isAllowed || tokens.fail("invalid syntax for function call expression", line);
  for (let isFirst = true; !tokens.is(")"); isFirst = false) {
    if (!isFirst) tokens.expect(",");
    if (tokens.is(")")) break;
    if (tokens.is("*")) {
      ensure(!rest && !namedRest);
      tokens.next();
      rest = parseExpression(tokens);
    } else if (tokens.is("**")) {
      ensure(!namedRest);
      tokens.next();
      namedRest = parseExpression(tokens);
    } else if (tokens.is("name") && tokens.look().type === "=") {
      ensure(!namedRest);
      const name = tokens.next().value;
      tokens.next();
      named.push({ name, value: parseExpression(tokens) });
    } else {
      ensure(!rest && !namedRest && named.length === 0);
      args.push(parseExpression(tokens));
    }
  }
  tokens.expect(")");
  return { args, named, rest, namedRest };
}

function parseFilters(tokens: TokenStream, start: Expression): Expression {
  let node = start;
  for (;;) {
    if (tokens.is("|")) node = parsePipes(tokens, node) ?? node;
    else if (tokens.isWord("is")) node = parseTest(tokens, node);
    else if (tokens.is("(")) node = parseCall(tokens, node);
    else return node;
  }
}

/** Filters behind an expression; without one, those that a block is put through. */
export function parsePipes(tokens: TokenStream, start: Expression | undefined, isBare = false): Expression | undefined {
  let node = start;
  let hasNoPipe = isBare;
  while (hasNoPipe || tokens.skip("|")) {
    hasNoPipe = false;
    const { value, line } = tokens.expect("name");
    const name = value + dottedRest(tokens);
    node = { kind: "filter", name, input: node, ...optionalArguments(tokens), line };
  }
  return node;
}

function optionalArguments(tokens: TokenStream): Arguments {
  return tokens.is("(") ? parseArguments(tokens) : { args: [], named: [] };
}

function dottedRest(tokens: TokenStream): string {
  let rest = "";
  while (tokens.skip(".")) rest += `.${tokens.expect("name").value}`;
  return rest;
}

function parseTest(tokens: TokenStream, input: Expression): Expression {
  const { line } = tokens.next();
  const isNegated = tokens.skipWord("not");
  const name = tokens.expect("name").value + dottedRest(tokens);
  const test: Expression = { kind: "test", name, input, ...testArguments(tokens), line };
  return isNegated ? { kind: "unary", operator: "not", operand: test, line } : test;
}

/** A test takes its arguments in parentheses, or a single one without. */
function testArguments(tokens: TokenStream): Arguments {
  if (tokens.is("(")) return parseArguments(tokens);
  if (!STARTS_ARGUMENT.has(tokens.current.type) || tokens.isWord("else", "or", "and")) return { args: [], named: [] };
  if (tokens.isWord("is")) tokens.fail("You cannot chain multiple tests with is");
  return { args: [parsePostfix(tokens, parsePrimary(tokens))], named: [] };
}
