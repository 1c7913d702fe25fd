import type { Arguments, Expression } from "../../schemas/templates/nodes.ts";
import { attributeOf, itemOf } from "./attributes.ts";
import type { Budget } from "./budget.ts";
import { asHtml, typeError } from "./coerce.ts";
import { FILTERS } from "./filters.ts";
import { formatBraces } from "./format-braces.ts";
import { calculate, compare, negate } from "./operators.ts";
import { toText } from "./printing.ts";
import { items, sliceOf } from "./sequences.ts";
import { TESTS } from "./tests.ts";
import {
  Callable,
  Dict,
  isText,
  isTrue,
  Markup,
  type NamedValues,
  TemplateFailure,
  Thing,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from "./values.ts";

/** Names and their values, those of the surroundings behind them. */
export class Scope {
  readonly #names = new Map<string, Value>();
  readonly #outer: Scope | undefined;
  readonly runtime: Runtime;

  constructor(runtime: Runtime, outer?: Scope) {
    this.runtime = runtime;
    this.#outer = outer;
  }

  find(name: string): Value | undefined {
    return this.#names.has(name) ? this.#names.get(name) : this.#outer?.find(name);
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }

  inner(): Scope {
    return new Scope(this.runtime, this);
  }
}

/** What one rendering works with. */
export interface Runtime {
  readonly budget: Budget;
  /** For what HTML is made of while an `autoescape` tag is open. */
  isEscaping: boolean;
  depth: number;
}

const MAX_DEPTH = 200;

/** The value of an expression. @throws TemplateFailure */
export function evaluate(node: Expression, scope: Scope): Value {
  const { runtime } = scope;
  runtime.budget.spend(1);
  if (runtime.depth > MAX_DEPTH) throw new TemplateFailure("RecursionError", "maximum recursion depth exceeded");
  runtime.depth += 1;
  try {
    return evaluateNode(node, scope);
  } finally {
    runtime.depth -= 1;
  }
}

function evaluateNode(node: Expression, scope: Scope): Value {
  const { budget } = scope.runtime;
  const value = (inner: Expression) => evaluate(inner, scope);
  switch (node.kind) {
    case "literal":
      return node.value;
    case "name":
      return readName(node.name, scope);
    case "namespace-field":
      return attributeOf(budget, readName(node.name, scope), node.field);
    case "tuple":
      return new Tuple(node.items.map(value));
    case "list":
      return node.items.map(value);
    case "dict":
      return Dict.from(node.entries.map(({ key, value: item }) => [value(key), value(item)]));
    case "unary":
      return node.operator === "not" ? !isTrue(value(node.operand)) : negate(node.operator, value(node.operand));
    case "binary":
      return evaluateBinary(node, scope);
    case "compare":
      return evaluateComparison(node, scope);
    case "concat":
      return concatenated(node.parts.map(value), scope);
    case "condition":
      return evaluateCondition(node, scope);
    case "attribute":
      return attributeOf(budget, value(node.of), node.name);
    case "item":
      return node.key.kind === "slice" ? evaluateSlice(node, scope) : itemOf(budget, value(node.of), value(node.key));
    case "slice":
      throw typeError("a slice stands alone");
    case "call":
      return call(value(node.callee), readArguments(node, scope), scope);
    case "filter":
      return applyFilter(
        { name: node.name, input: node.input ? value(node.input) : "", ...readArguments(node, scope) },
        scope,
      );
    case "test":
      return applyTest({ name: node.name, input: value(node.input), ...readArguments(node, scope) }, scope);
  }
}

function readName(name: string, scope: Scope): Value {
  const value = scope.find(name);
  return value === undefined ? new Undefined(`'${name}' is undefined`) : value;
}

function evaluateBinary(node: Expression & { kind: "binary" }, scope: Scope): Value {
  const left = evaluate(node.left, scope);
  if (node.operator === "and") return isTrue(left) ? evaluate(node.right, scope) : left;
  if (node.operator === "or") return isTrue(left) ? left : evaluate(node.right, scope);
  return calculate(scope.runtime.budget, node.operator, [left, evaluate(node.right, scope)]);
}

function evaluateComparison(node: Expression & { kind: "compare" }, scope: Scope): Value {
  let left = evaluate(node.first, scope);
  for (const { operator, operand } of node.rest) {
    const right = evaluate(operand, scope);
    if (!compare(operator, left, right)) return false;
    left = right;
  }
  return true;
}

function concatenated(parts: readonly Value[], scope: Scope): Value {
  const texts = parts.map((part) => (scope.runtime.isEscaping ? htmlOf(part) : toText(part)));
  scope.runtime.budget.reserve(texts.reduce((sum, text) => sum + text.length, 0));
  return scope.runtime.isEscaping ? new Markup(texts.join("")) : texts.join("");
}

/** A value as HTML. */
export function htmlOf(value: Value): string {
  return isText(value) ? asHtml(value) : asHtml(toText(value));
}

function evaluateCondition(node: Expression & { kind: "condition" }, scope: Scope): Value {
  if (isTrue(evaluate(node.test, scope))) return evaluate(node.then, scope);
  if (node.otherwise) return evaluate(node.otherwise, scope);
  return new Undefined(
    `the inline if-expression on line ${node.line} evaluated to false and no else section was defined.`,
    { isChainable: false },
  );
}

function evaluateSlice(node: Expression & { kind: "item" }, scope: Scope): Value {
  const of = evaluate(node.of, scope);
  const { start, stop, step } = node.key as Expression & { kind: "slice" };
  const part = (bound: Expression | undefined) => (bound ? evaluate(bound, scope) : null);
  const sliced = sliceOf(of, { start: part(start), stop: part(stop), step: part(step) });
  if (sliced !== undefined) return sliced;
  throw typeError(of instanceof Dict ? "unhashable type: 'slice'" : `'${typeName(of)}' object is not subscriptable`);
}

interface GivenArguments {
  readonly args: readonly Value[];
  readonly named: NamedValues;
}

function readArguments(node: Arguments, scope: Scope): GivenArguments {
  const args = node.args.map((arg) => evaluate(arg, scope));
  const named = node.named.map(({ name, value }) => [name, evaluate(value, scope)] as const);
  const rest = node.rest ? items(evaluate(node.rest, scope)) : [];
  const more = node.namedRest ? evaluate(node.namedRest, scope) : undefined;
  if (more !== undefined && !(more instanceof Dict)) throw typeError("argument after ** must be a mapping");
  const moreNamed = more?.entries().map(([key, value]) => [toText(key), value] as const) ?? [];
  return { args: [...args, ...rest], named: Object.fromEntries([...named, ...moreNamed]) };
}

/** Calls what can be called. @throws TemplateFailure */
export function call(callee: Value, { args, named }: GivenArguments, scope: Scope): Value {
  if (callee instanceof Undefined) return callee.fail();
  if (callee instanceof Thing && callee.call) return callee.call(args, named);
  if (!(callee instanceof Callable)) throw typeError(`'${typeName(callee)}' object is not callable`);
  return callee.type === "str.format" ? formatText(callee, { args, named }, scope) : callee.call(args, named);
}

/** `str.format`, whose fields reach into values no further than a template may. */
function formatText(callee: Callable, { args, named }: GivenArguments, scope: Scope): Value {
  const { budget } = scope.runtime;
  const self = callee.fields.self as string | Markup;
  const text = formatBraces(budget, toText(self), {
    args: self instanceof Markup ? args.map(escaped) : args,
    named,
    reach(value, { kind, key }) {
      if (kind === "attribute") return attributeOf(budget, value, key);
      return itemOf(budget, value, /^\d+$/.test(key) ? BigInt(key) : key);
    },
  });
  return self instanceof Markup ? new Markup(text) : text;
}

const escaped = (value: Value): Value => (typeof value === "string" ? new Markup(asHtml(value)) : value);

export interface Application extends GivenArguments {
  readonly name: string;
  readonly input: Value;
}

/** Puts a value through a filter. @throws TemplateFailure */
export function applyFilter({ name, input, args, named }: Application, scope: Scope): Value {
  const filter = FILTERS.get(name);
  if (!filter) throw new TemplateFailure("TemplateRuntimeError", `No filter named '${name}' found.`);
  return filter({
    budget: scope.runtime.budget,
    isEscaping: scope.runtime.isEscaping,
    input,
    args,
    named,
    filter: (application) => applyFilter(application, scope),
    test: (application) => applyTest(application, scope),
  });
}

/** Asks a test about a value. @throws TemplateFailure */
export function applyTest({ name, input, args, named }: Application, _scope: Scope): boolean {
  const test = TESTS.get(name);
  if (!test) throw new TemplateFailure("TemplateRuntimeError", `No test named '${name}' found.`);
  return test({ input, args, named });
}
