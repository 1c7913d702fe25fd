import { expect, test } from "vitest";
import { leadersFirst } from "../../../src/domain/automations/leaders-first.ts";

test.each([
  ["each follows the one before", { a: null, b: "a", c: "b" }, "abc"],
  ["a leader comes later", { c: "b", b: "a", a: null }, "abc"],
  ["the others keep their places", { x: null, c: "y", y: null, z: null }, "xycz"],
  ["a leader is not among them", { b: "a", c: null }, "bc"],
  ["they follow each other in a ring", { a: "b", b: "a" }, "ba"],
])("when %s", (_how, follows, expected) => {
  const events = Object.entries(follows).map(([id, leader]) => ({ id, follows: leader }));

  expect(
    leadersFirst(events)
      .map(({ id }) => id)
      .join(""),
  ).toBe(expected);
});
