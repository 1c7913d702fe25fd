import type { Body, Expression, Signature, Statement, Target } from "../../schemas/templates/nodes.ts";
import { typeError } from "./coerce.ts";
import { applyFilter, call, evaluate, htmlOf, type Scope } from "./evaluate.ts";
import { loopOver } from "./loop.ts";
import { mentions } from "./names-in.ts";
import { toText } from "./printing.ts";
import { items } from "./sequences.ts";
import {
  Callable,
  Dict,
  isTrue,
  Markup,
  type NamedValues,
  TemplateFailure,
  Thing,
  Tuple,
  Undefined,
  type Value,
} from "./values.ts";
import { unpacking } from "./web-text.ts";

/** The text of statements. @throws TemplateFailure */
export function execute(body: Body, scope: Scope): string {
  let text = "";
  for (const statement of body) {
    scope.runtime.budget.spend(1);
    const part = executeOne(statement, scope);
    scope.runtime.budget.reserve(text.length + part.length);
    text += part;
  }
  return text;
}

function executeOne(node: Statement, scope: Scope): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "print":
      return node.values.map((value) => shown(evaluate(value, scope), scope)).join("");
    case "if":
      return executeIf(node, scope);
    case "for":
      return executeFor(node, { scope, over: evaluate(node.over, scope), depth: 1 });
    case "set":
      assign(node.target, evaluate(node.value, scope), scope);
      return "";
    case "set-block":
      assign(node.target, filtered(node.filter, execute(node.body, scope.inner()), scope), scope);
      return "";
    case "with":
      return executeWith(node, scope);
    case "autoescape":
      return executeAutoescape(node, scope);
    case "block":
      return execute(node.body, scope.inner());
    case "macro":
      scope.set(node.name, macro({ name: node.name, signature: node.signature, body: node.body }, scope));
      return "";
    case "call-block":
      return executeCallBlock(node, scope);
    case "filter-block":
      return shown(filtered(node.filter, execute(node.body, scope.inner()), scope), scope);
    case "other-template":
      throw typeError("no loader for this environment specified");
  }
}

function shown(value: Value, scope: Scope): string {
  return scope.runtime.isEscaping ? htmlOf(value) : toText(value);
}

function executeIf(node: Statement & { kind: "if" }, scope: Scope): string {
  const branch = node.branches.find(({ test }) => isTrue(evaluate(test, scope)));
  return execute(branch?.body ?? node.otherwise, scope);
}

function executeWith(node: Statement & { kind: "with" }, scope: Scope): string {
  const inner = scope.inner();
  const values = node.values.map((value) => evaluate(value, scope));
  node.targets.forEach((target, index) => {
    assign(target, values[index] as Value, inner);
  });
  return execute(node.body, inner);
}

function executeAutoescape(node: Statement & { kind: "autoescape" }, scope: Scope): string {
  const { runtime } = scope;
  const before = runtime.isEscaping;
  runtime.isEscaping = isTrue(evaluate(node.value, scope));
  try {
    return execute(node.body, scope.inner());
  } finally {
    runtime.isEscaping = before;
  }
}

interface Looping {
  readonly scope: Scope;
  readonly over: Value;
  readonly depth: number;
}

function executeFor(node: Statement & { kind: "for" }, { scope, over, depth }: Looping): string {
  const all = items(over);
  const wanted = node.test
    ? all.filter((item) => isTrue(evaluate(node.test as Expression, bound(node.target, item, scope))))
    : all;
  if (wanted.length === 0) return execute(node.otherwise, scope.inner());
  const recurse = (args: readonly Value[]): Value => {
    if (!node.isRecursive) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    }
    return executeFor(node, { scope, over: args[0] ?? null, depth: depth + 1 });
  };
  const loop = loopOver(wanted, { depth, recurse });
  let text = "";
  for (const item of wanted) {
    scope.runtime.budget.spend(1);
    const inner = bound(node.target, item, scope);
    inner.set("loop", loop.object);
    text += execute(node.body, inner);
    scope.runtime.budget.reserve(text.length);
    loop.advance();
  }
  return text;
}

function bound(target: Target, value: Value, scope: Scope): Scope {
  const inner = scope.inner();
  assign(target, value, inner);
  return inner;
}

function assign(target: Target, value: Value, scope: Scope): void {
  if (target.kind === "name") {
    scope.set(target.name, value);
    return;
  }
  if (target.kind === "namespace-field") {
    const namespace = scope.find(target.name);
    if (!(namespace instanceof Thing) || namespace.type !== "jinja2.utils.Namespace") {
      throw new TemplateFailure("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
    }
    namespace.fields.set(target.field, value);
    return;
  }
  const parts = items(value, (type) => `cannot unpack non-iterable ${type} object`);
  const targets = target.items as readonly Target[];
  if (parts.length !== targets.length) throw new TemplateFailure("ValueError", unpacking(parts.length, targets.length));
  targets.forEach((each, index) => {
    assign(each, parts[index] as Value, scope);
  });
}

/** A block's text put through the filters of its tag. */
function filtered(filter: Expression | undefined, text: string, scope: Scope): Value {
  const value: Value = scope.runtime.isEscaping ? new Markup(text) : text;
  if (filter?.kind !== "filter") return value;
  const input = filter.input ? filtered(filter.input, text, scope) : value;
  const args = filter.args.map((arg) => evaluate(arg, scope));
  const named = Object.fromEntries(filter.named.map((each) => [each.name, evaluate(each.value, scope)]));
  return applyFilter({ name: filter.name, input, args, named }, scope);
}

interface MacroParts {
  readonly name: string | undefined;
  readonly signature: Signature;
  readonly body: Body;
}

function macro({ name, signature, body }: MacroParts, scope: Scope): Callable {
  const { parameters, defaults } = signature;
  const uses = {
    caller: mentions(body, "caller"),
    kwargs: mentions(body, "kwargs"),
    varargs: mentions(body, "varargs"),
  };
  const title = name === undefined ? "None" : `'${name}'`;
  const run = (args: readonly Value[], named: NamedValues): Value => {
    const rest = new Map(Object.entries(named));
    const inner = scope.inner();
    parameters.forEach((parameter, index) => {
      const given = index < args.length ? args[index] : rest.get(parameter);
      if (index >= args.length) rest.delete(parameter);
      const fallback = defaults[index - (parameters.length - defaults.length)];
      const value = given ?? (fallback ? evaluate(fallback, inner) : missingParameter(parameter));
      inner.set(parameter, value);
    });
    if (uses.caller && !parameters.includes("caller")) {
      inner.set("caller", rest.get("caller") ?? new Undefined("No caller defined"));
      rest.delete("caller");
    }
    if (uses.kwargs) inner.set("kwargs", Dict.from(rest));
    else checkNoneLeft(title, [...rest.keys()]);
    if (uses.varargs) inner.set("varargs", new Tuple(args.slice(parameters.length)));
    else if (args.length > parameters.length) {
      throw typeError(`macro ${title} takes not more than ${parameters.length} argument(s)`);
    }
    const text = execute(body, inner);
    return scope.runtime.isEscaping ? new Markup(text) : text;
  };
  const fields = {
    name: name ?? null,
    arguments: new Tuple(parameters),
    catch_kwargs: uses.kwargs,
    catch_varargs: uses.varargs,
    caller: uses.caller,
  };
  return new Callable(name ?? "anonymous", deeper(run, scope), { type: "Macro", fields });
}

function missingParameter(name: string): Undefined {
  return new Undefined(`parameter '${name}' was not provided`);
}

function checkNoneLeft(title: string, names: readonly string[]): void {
  const [first] = names;
  if (first === undefined) return;
  throw typeError(
    names.includes("caller")
      ? `macro ${title} was invoked with two values for the special caller argument. This is most likely a bug.`
      : `macro ${title} takes no keyword argument '${first}'`,
  );
}

const MAX_MACRO_DEPTH = 50;
const DEPTH_OF_MACRO = 200 / MAX_MACRO_DEPTH;

/** Macros that call each other count as deep. */
function deeper(run: Callable["call"], scope: Scope): Callable["call"] {
  return (args, named) => {
    scope.runtime.depth += DEPTH_OF_MACRO;
    try {
      return run(args, named);
    } finally {
      scope.runtime.depth -= DEPTH_OF_MACRO;
    }
  };
}

function executeCallBlock(node: Statement & { kind: "call-block" }, scope: Scope): string {
  const caller = macro({ name: "caller", signature: node.signature, body: node.body }, scope);
  const target = node.call as Expression & { kind: "call" };
  const callee = evaluate(target.callee, scope);
  const args = target.args.map((arg) => evaluate(arg, scope));
  const named = Object.fromEntries(target.named.map(({ name, value }) => [name, evaluate(value, scope)]));
  return shown(call(callee, { args, named: { ...named, caller } }, scope), scope);
}
