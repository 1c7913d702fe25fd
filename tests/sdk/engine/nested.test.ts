import { expect, test } from "vitest";
import { DESCEND, mapNested } from "../../../src/sdk/engine/nested.ts";
import { allowFailure, unmapped } from "../../../src/sdk/index.ts";

class Box {}
const box = new Box();
const replaceBoxes = (value: unknown) => mapNested(value, (item) => (item instanceof Box ? "box" : DESCEND));

test.each([
  ["a value", box, "box"],
  ["an item of a list", [1, [box]], [1, ["box"]]],
  ["a property", { a: { b: box }, c: 1 }, { a: { b: "box" }, c: 1 }],
  ["a value of a map", new Map([["k", box]]), new Map([["k", "box"]])],
  ["an item of a set", new Set([box]), new Set(["box"])],
  ["an annotated value", { a: unmapped(box) }, { a: "box" }],
])("replaces %s", (_title, value, expected) => {
  expect(replaceBoxes(value)).toEqual(expected);
});

test.each([
  ["a list", [1, { a: [2] }]],
  ["a map", new Map([["k", [1]]])],
  ["a set", new Set([{}])],
])("gives %s back itself when nothing in it changes", (_title, value) => {
  expect(replaceBoxes(value)).toBe(value);
});

test("looks into a cycle once", () => {
  const cycle: Record<string, unknown> = { box };
  cycle.self = cycle;

  expect(replaceBoxes(cycle)).toMatchObject({ box: "box", self: { box } });
});

test("says for which values failure is allowed", () => {
  const seen: boolean[] = [];
  mapNested([box, allowFailure([box])], (item, { allowFailure: isAllowed }) => {
    if (!(item instanceof Box)) return DESCEND;
    seen.push(isAllowed);
    return item;
  });

  expect(seen).toEqual([false, true]);
});
