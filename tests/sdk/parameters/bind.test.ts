import { expect, test } from "vitest";
import { type Binding, bindArguments, toArguments } from "../../../src/sdk/parameters/bind.ts";
import { readSignature } from "../../../src/sdk/parameters/signature.ts";

const bindingOf = (fn: (...args: never[]) => unknown): Binding => ({
  name: "f",
  signature: readSignature(fn),
  hasSchema: false,
});
const pair = bindingOf((a: number, b = 2) => [a, b]);
const rest = bindingOf((a: number, ...more: number[]) => [a, more]);
const object = bindingOf(({ a, b = 2 }: { a: number; b?: number }) => [a, b]);

test.each([
  { by: "positions", binding: pair, args: [1, 5], expected: { a: 1, b: 5 } },
  { by: "a literal default", binding: pair, args: [1], expected: { a: 1, b: 2 } },
  { by: "a rest", binding: rest, args: [1, 2, 3], expected: { a: 1, more: [2, 3] } },
  { by: "an object", binding: object, args: [{ a: 1 }], expected: { a: 1, b: 2 } },
])("names arguments by $by", ({ binding, args, expected }) => {
  expect(bindArguments(binding, args)).toEqual(expected);
});

test.each([
  { into: "positions", binding: pair, parameters: { b: 5, a: 1 }, expected: [1, 5] },
  { into: "a rest", binding: rest, parameters: { a: 1, more: [2, 3] }, expected: [1, 2, 3] },
  { into: "an object", binding: object, parameters: { a: 1 }, expected: [{ a: 1 }] },
])("puts stored parameters back into $into", ({ binding, parameters, expected }) => {
  expect(toArguments(binding, parameters)).toEqual(expected);
});

test("refuses more arguments than there are parameters", () => {
  expect(() => bindArguments(pair, [1, 2, 3])).toThrow("it takes 2 argument(s) but was given 3");
});

test.each([
  ["unknown", { a: 1, c: 2 }, "'f' has no parameter c. It takes: a, b."],
  ["missing", { b: 2 }, "'f' was not given a, which it requires."],
])("refuses stored parameters that are %s", (_title, parameters, message) => {
  expect(() => toArguments(pair, parameters)).toThrow(message);
});
