import { describe, expect, test } from "vitest";
import { keepMaskedSecrets, maskSecrets } from "../../../src/domain/blocks/document-secrets.ts";

const MASK = "********";

describe("masking", () => {
  test.each([
    ["a field", { a: "x", b: "y" }, ["a"], { a: MASK, b: "y" }],
    ["a field inside", { a: { b: 1, c: 2 } }, ["a.b"], { a: { b: MASK, c: 2 } }],
    [
      "everything below a star",
      { a: { b: 1, c: { d: null } }, e: 1 },
      ["a.*"],
      { a: { b: MASK, c: { d: MASK } }, e: 1 },
    ],
    ["an empty object below a star", { a: {} }, ["a.*"], { a: MASK }],
    ["a list as a whole", { a: ["x", "y"] }, ["a"], { a: MASK }],
    ["no null", { a: null }, ["a"], { a: null }],
    ["no object at the place of a field", { a: { b: 1 } }, ["a"], { a: { b: 1 } }],
    ["no field with a dot in its name", { "a.b": 1 }, ["a.b"], { "a.b": 1 }],
    ["nothing", { a: 1 }, [], { a: 1 }],
  ])("hides %s", (...[, data, secretFields, expected]) => {
    expect(maskSecrets(data, secretFields)).toEqual(expected);
  });

  test("keeps keys that mean something to JavaScript", () => {
    const data = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as Record<string, unknown>;

    expect(JSON.stringify(maskSecrets(data, ["__proto__.a"]))).toBe(`{"__proto__":{"a":"${MASK}"},"constructor":2}`);
  });
});

describe("taking back what was shown", () => {
  test.each([
    ["a masked secret stays", { a: MASK }, { a: "old" }, { a: "old" }],
    ["a new secret is taken", { a: "new" }, { a: "old" }, { a: "new" }],
    ["a mask in another field is a text", { b: MASK }, { b: "old", a: "x" }, { b: MASK }],
    ["a mask where there was no secret is a text", { a: MASK }, { a: null }, { a: MASK }],
    ["masks below a star stay", { h: { x: MASK, y: "new" } }, { h: { x: 1, y: 2 } }, { h: { x: 1, y: "new" } }],
    ["a mask of a new key below a star is a text", { h: { z: MASK } }, { h: { x: 1 } }, { h: { z: MASK } }],
  ])("%s", (...[, update, current, expected]) => {
    expect(keepMaskedSecrets(update, current, ["a", "h.*"])).toEqual(expected);
  });
});
