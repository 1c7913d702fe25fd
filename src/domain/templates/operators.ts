import type { BinaryOperator, Comparison } from "../../schemas/templates/nodes.ts";
import type { Budget } from "./budget.ts";
import { asHtml, asNumber, plain, toFloat, typeError } from "./coerce.ts";
import { formatPercent } from "./format-percent.ts";
import { items, lengthOf } from "./sequences.ts";
import {
  Dict,
  isList,
  isText,
  Markup,
  Range,
  TemplateFailure,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from "./values.ts";

type Arithmetic = Exclude<BinaryOperator, "and" | "or">;

/** Applies an operator as Python does. @throws TemplateFailure */
export function calculate(budget: Budget, operator: Arithmetic, operands: readonly [Value, Value]): Value {
  const [left, right] = operands;
  if (left instanceof Undefined) left.fail();
  if (right instanceof Undefined && !(operator === "%" && isText(left))) right.fail();
  if (operator === "%" && isText(left)) return formatPercent(budget, left, right);
  const numbers = asNumbers(left, right);
  if (numbers) {
    return typeof numbers[0] === "bigint" && typeof numbers[1] === "bigint"
      ? integers(budget, operator, [numbers[0], numbers[1]])
      : floats(operator, [toFloat(numbers[0]), toFloat(numbers[1])]);
  }
  const made =
    operator === "+" ? concatenate(budget, left, right) : operator === "*" ? multiply(budget, left, right) : undefined;
  if (made !== undefined) return made;
  const sign = operator === "**" ? "** or pow()" : operator;
  throw typeError(`unsupported operand type(s) for ${sign}: '${typeName(left)}' and '${typeName(right)}'`);
}

export function negate(operator: "-" | "+", value: Value): Value {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number === undefined) throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  return operator === "+" ? number : typeof number === "bigint" ? -number : -number;
}

function asNumbers(left: Value, right: Value): readonly [bigint | number, bigint | number] | undefined {
  const [a, b] = [asNumber(left), asNumber(right)];
  return a === undefined || b === undefined ? undefined : [a, b];
}

function integers(budget: Budget, operator: Arithmetic, [a, b]: readonly [bigint, bigint]): Value {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      budget.reserveBits(bitLength(a) + bitLength(b));
      return a * b;
    case "/":
      if (b === 0n) throw zeroDivision("division by zero");
      return divide(a, b);
    case "//":
      if (b === 0n) throw zeroDivision("integer division or modulo by zero");
      return floorDivide(a, b);
    case "%":
      if (b === 0n) throw zeroDivision("integer modulo by zero");
      return a - floorDivide(a, b) * b;
    case "**":
      if (b < 0n) return floats("**", [toFloat(a), toFloat(b)]);
      budget.reserveBits(bitLength(a) * Number(b));
      return a ** b;
  }
}

/** Exact where both are too large for a float and their quotient is not. */
function divide(a: bigint, b: bigint): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isFinite(x) && Number.isFinite(y)) return x / y;
  const quotient = Number(a / b);
  if (!Number.isFinite(quotient)) {
    throw new TemplateFailure("OverflowError", "integer division result too large for a float");
  }
  return quotient;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function floats(operator: Arithmetic, [a, b]: readonly [number, number]): Value {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0) throw zeroDivision("float division by zero");
      return a / b;
    case "//":
      if (b === 0) throw zeroDivision("float floor division by zero");
      return Math.floor(a / b);
    case "%":
      if (b === 0) throw zeroDivision("float modulo");
      return a - Math.floor(a / b) * b;
    case "**":
      return power(a, b);
  }
}

function power(a: number, b: number): number {
  if (a === 0 && b < 0) throw zeroDivision("0.0 cannot be raised to a negative power");
  const result = a ** b;
  if (Number.isFinite(a) && Number.isFinite(b) && result === Number.POSITIVE_INFINITY) {
    throw new TemplateFailure("OverflowError", "(34, 'Numerical result out of range')");
  }
  return result;
}

function bitLength(value: bigint): number {
  const size = value < 0n ? -value : value;
  return size <= 1n ? Number(size) : size.toString(16).length * 4;
}

function concatenate(budget: Budget, left: Value, right: Value): Value | undefined {
  if (isText(left)) {
    if (!isText(right)) throw typeError(`can only concatenate str (not "${typeName(right)}") to str`);
    budget.reserve(plain(left).length + plain(right).length);
    if (typeof left === "string" && typeof right === "string") return left + right;
    return new Markup(asHtml(left) + asHtml(right));
  }
  if (isList(left)) {
    if (!isList(right)) throw typeError(`can only concatenate list (not "${typeName(right)}") to list`);
    budget.reserve(left.length + right.length);
    return [...left, ...right];
  }
  if (!(left instanceof Tuple)) return undefined;
  if (!(right instanceof Tuple)) throw typeError(`can only concatenate tuple (not "${typeName(right)}") to tuple`);
  budget.reserve(left.items.length + right.items.length);
  return new Tuple([...left.items, ...right.items]);
}

function multiply(budget: Budget, left: Value, right: Value): Value | undefined {
  const [sequence, count] = isSequence(left) ? [left, right] : [right, left];
  if (!isSequence(sequence)) return undefined;
  const times = typeof count === "boolean" ? BigInt(count) : count;
  if (typeof times !== "bigint") throw typeError(`can't multiply sequence by non-int of type '${typeName(count)}'`);
  const repeats = times < 0n ? 0 : Number(times);
  budget.reserve(lengthOf(sequence) * repeats);
  if (typeof sequence === "string") return sequence.repeat(repeats);
  if (sequence instanceof Markup) return new Markup(sequence.text.repeat(repeats));
  const repeated = Array.from({ length: repeats }, () => items(sequence)).flat();
  return sequence instanceof Tuple ? new Tuple(repeated) : repeated;
}

function isSequence(value: Value): value is string | Markup | Tuple | readonly Value[] {
  return isText(value) || isList(value) || value instanceof Tuple;
}

export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  const numbers = asNumbers(left, right);
  // Loose, as an int may be equal to a float.
  // biome-ignore lint/suspicious/noDoubleEquals: the only comparison of bigint and number that is exact
  if (numbers) return numbers[0] == numbers[1];
  if (isText(left) && isText(right)) return plain(left) === plain(right);
  if (left instanceof Undefined) return right instanceof Undefined;
  if (isList(left) && isList(right)) return isEqualList(left, right);
  if (left instanceof Tuple && right instanceof Tuple) return isEqualList(left.items, right.items);
  if (left instanceof Range && right instanceof Range) return isEqualList(items(left), items(right));
  if (!(left instanceof Dict) || !(right instanceof Dict) || left.size !== right.size) return false;
  return left.entries().every(([key, value]) => {
    const other = right.get(key);
    return other !== undefined && isEqual(value, other);
  });
}

function isEqualList(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((item, index) => isEqual(item, right[index] as Value));
}

/** Applies a comparison as Python does. @throws TemplateFailure */
export function compare(operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "in":
      return contains(right, left);
    case "not in":
      return !contains(right, left);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return isInOrder(operator, left, right);
  }
}

type Ordering = "<" | "<=" | ">" | ">=";

function isInOrder(operator: Ordering, left: Value, right: Value): boolean {
  if (left instanceof Undefined) left.fail();
  if (right instanceof Undefined) right.fail();
  const numbers = asNumbers(left, right);
  if (numbers)
    return decide(
      operator,
      numbers[0] < numbers[1] ? -1 : numbers[0] > numbers[1] ? 1 : numbers[0] >= numbers[1] ? 0 : Number.NaN,
    );
  if (isText(left) && isText(right)) return decide(operator, compareTexts(plain(left), plain(right)));
  const lists = isList(left) && isList(right) ? ([left, right] as const) : tupleItems(left, right);
  if (lists) return compareLists(operator, lists[0], lists[1]);
  throw typeError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

function tupleItems(left: Value, right: Value) {
  return left instanceof Tuple && right instanceof Tuple ? ([left.items, right.items] as const) : undefined;
}

function compareLists(operator: Ordering, left: readonly Value[], right: readonly Value[]): boolean {
  const differing = left.findIndex((item, index) => index >= right.length || !isEqual(item, right[index] as Value));
  if (differing === -1 || differing >= right.length) return decide(operator, left.length - right.length);
  return isInOrder(operator, left[differing] as Value, right[differing] as Value);
}

/** By code points, where JavaScript's own order is that of UTF-16 units. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  let at = 0;
  while (left[at] === right[at]) at += 1;
  if (at >= left.length || at >= right.length) return left.length - right.length;
  return (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0);
}

function decide(operator: Ordering, order: number): boolean {
  if (operator === "<") return order < 0;
  if (operator === ">") return order > 0;
  return operator === "<=" ? order <= 0 : order >= 0;
}

function contains(container: Value, item: Value): boolean {
  if (isText(container)) {
    if (item instanceof Undefined || !isText(item)) {
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    }
    return plain(container).includes(plain(item));
  }
  if (container instanceof Dict) return container.get(item) !== undefined;
  const all = items(container, (type) => `argument of type '${type}' is not iterable`);
  return all.some((each) => isEqual(each, item));
}

function zeroDivision(message: string): TemplateFailure {
  return new TemplateFailure("ZeroDivisionError", message);
}
