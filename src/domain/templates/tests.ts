import type { Comparison } from "../../schemas/templates/nodes.ts";
import { bind, REQUIRED } from "./arguments.ts";
import { Budget } from "./budget.ts";
import { FILTERS } from "./filters.ts";
import { calculate, compare, isEqual } from "./operators.ts";
import { toText } from "./printing.ts";
import {
  Callable,
  Dict,
  Iteration,
  isList,
  isText,
  Markup,
  type NamedValues,
  Range,
  Thing,
  Tuple,
  Undefined,
  type Value,
  View,
} from "./values.ts";

export interface TestCall {
  readonly input: Value;
  readonly args: readonly Value[];
  readonly named: NamedValues;
}

type Test = (call: TestCall) => boolean;

const plain =
  (name: string, check: (value: Value) => boolean): Test =>
  ({ input, args, named }) =>
    check(bind({ name: `test_${name}`, parameters: { value: REQUIRED } }, [input, ...args], named).value);

const paired =
  (name: string, check: (value: Value, other: Value) => boolean): Test =>
  ({ input, args, named }) => {
    const parameters = { value: REQUIRED, other: REQUIRED } as const;
    const { value, other } = bind({ name, parameters }, [input, ...args], named);
    return check(value, other);
  };

const comparing = (operator: Comparison) => paired(operator, (value, other) => compare(operator, value, other));

const remainder = (value: Value, by: Value) => calculate(new Budget(), "%", [value, by]);

const isNumber = (value: Value) => typeof value === "bigint" || typeof value === "number" || typeof value === "boolean";
const isIterable = (value: Value) =>
  isText(value) ||
  isList(value) ||
  [Tuple, Dict, Range, Iteration, View, Undefined].some((type) => value instanceof type);
const isSequence = (value: Value) =>
  isText(value) || isList(value) || [Tuple, Dict, Range, Undefined].some((type) => value instanceof type);
const isCallable = (value: Value) =>
  value instanceof Callable || value instanceof Undefined || (value instanceof Thing && value.call !== undefined);

const [equal, unequal, less, lessOrEqual, greater, greaterOrEqual] = (["==", "!=", "<", "<=", ">", ">="] as const).map(
  comparing,
) as [Test, Test, Test, Test, Test, Test];

const cased = (value: Value) => {
  const text = toText(value);
  return { text, hasCase: text.toLowerCase() !== text.toUpperCase() };
};

/** Jinja's tests. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["odd", plain("odd", (value) => isEqual(remainder(value, 2n), 1n))],
  ["even", plain("even", (value) => isEqual(remainder(value, 2n), 0n))],
  ["divisibleby", paired("test_divisibleby", (value, num) => isEqual(remainder(value, num), 0n))],
  ["defined", plain("defined", (value) => !(value instanceof Undefined))],
  ["undefined", plain("undefined", (value) => value instanceof Undefined)],
  ["filter", plain("filter", (value) => FILTERS.has(toText(value)))],
  ["test", plain("test", (value) => TESTS.has(toText(value)))],
  ["none", plain("none", (value) => value === null)],
  ["boolean", plain("boolean", (value) => typeof value === "boolean")],
  ["false", plain("false", (value) => value === false)],
  ["true", plain("true", (value) => value === true)],
  ["integer", plain("integer", (value) => typeof value === "bigint")],
  ["float", plain("float", (value) => typeof value === "number")],
  ["lower", plain("lower", (value) => cased(value).hasCase && cased(value).text === cased(value).text.toLowerCase())],
  ["upper", plain("upper", (value) => cased(value).hasCase && cased(value).text === cased(value).text.toUpperCase())],
  ["string", plain("string", isText)],
  ["mapping", plain("mapping", (value) => value instanceof Dict)],
  ["number", plain("number", isNumber)],
  ["sequence", plain("sequence", isSequence)],
  ["iterable", plain("iterable", isIterable)],
  ["callable", plain("callable", isCallable)],
  ["sameas", paired("test_sameas", (value, other) => value === other)],
  ["escaped", plain("escaped", (value) => value instanceof Markup || value instanceof Undefined)],
  ["in", paired("test_in", (value, container) => compare("in", value, container))],
  ...names(equal, ["==", "eq", "equalto"]),
  ...names(unequal, ["!=", "ne"]),
  ...names(greater, [">", "gt", "greaterthan"]),
  ...names(greaterOrEqual, [">=", "ge"]),
  ...names(less, ["<", "lt", "lessthan"]),
  ...names(lessOrEqual, ["<=", "le"]),
]);

function names(test: Test, all: readonly string[]): readonly (readonly [string, Test])[] {
  return all.map((name) => [name, test]);
}
