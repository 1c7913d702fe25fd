import { expect, test } from "vitest";
import { defineTask } from "../../../src/sdk/definitions.ts";
import { mapArguments } from "../../../src/sdk/engine/map-arguments.ts";
import { unmapped } from "../../../src/sdk/index.ts";

const positional = defineTask({ options: {}, fn: (a: number, b: number) => a + b, site: undefined });
const object = defineTask({ options: {}, fn: ({ a, b }: { a: number; b: number }) => a + b, site: undefined });

test.each([
  [
    "lists side by side",
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 3],
      [2, 4],
    ],
  ],
  [
    "a constant",
    [[1, 2], 9],
    [
      [1, 9],
      [2, 9],
    ],
  ],
  [
    "an unmapped list",
    [[1, 2], unmapped([3])],
    [
      [1, [3]],
      [2, [3]],
    ],
  ],
  ["a string, which is no list", [[1], "ab"], [[1, "ab"]]],
  [
    "a set",
    [new Set([1, 2]), 0],
    [
      [1, 0],
      [2, 0],
    ],
  ],
  ["no items", [[], 0], []],
])("spreads %s", (_title, args, expected) => {
  expect(mapArguments(positional, args)).toEqual(expected);
});

test("spreads the properties of an object of parameters", () => {
  expect(mapArguments(object, [{ a: [1, 2], b: unmapped(5) }])).toEqual([[{ a: 1, b: 5 }], [{ a: 2, b: 5 }]]);
});

test("refuses lists of different lengths", () => {
  expect(() => mapArguments(positional, [[1], [1, 2]])).toThrow(/one length/);
});

test("refuses arguments without a list", () => {
  expect(() => mapArguments(positional, [1, 2])).toThrow(/at least one/);
});
