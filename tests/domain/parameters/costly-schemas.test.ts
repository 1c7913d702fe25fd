import { describe, expect, test } from "vitest";
import { checkAgainstSchema } from "../../../src/domain/parameters/check-against-schema.ts";
import { describeProblems } from "../../../src/domain/parameters/describe-problems.ts";
import type { JsonObject } from "../../../src/domain/parameters/json-types.ts";

/** Thirty definitions, each of which applies the next one twice: a billion checks. */
function laughs(keyword: "allOf" | "oneOf"): JsonObject {
  const definitions = Array.from({ length: 30 }, (_, index) => {
    const next = { $ref: `#/$defs/d${index + 1}` };
    return [`d${index}`, { [keyword]: [next, next] }];
  });
  return { $ref: "#/$defs/d0", $defs: { ...Object.fromEntries(definitions), d30: { type: "integer" } } };
}

const evil = "^(a+)+$";
const victim = `${"a".repeat(40)}!`;
const many = (length: number) => Array.from({ length }, (_, index) => index);

describe("what would take for ever is refused within seconds", () => {
  test.each<[string, JsonObject, unknown]>([
    ["definitions that double", laughs("allOf"), 1],
    ["alternatives that double", laughs("oneOf"), 1],
    ["a slow pattern", { properties: { a: { pattern: evil } } }, { a: victim }],
    ["a slow pattern for names", { patternProperties: { [evil]: {} } }, { [victim]: 1 }],
    [
      "a slow pattern of what is additional",
      { patternProperties: { [evil]: {} }, additionalProperties: false },
      { [victim]: 1 },
    ],
    ["many alternatives of a large value", { anyOf: many(5_000).map(() => ({ type: "string" })) }, many(50_000)],
    [
      "many rules for many items",
      { items: { properties: Object.fromEntries(many(5_000).map((n) => [n, {}])) } },
      many(5_000).map(() => ({})),
    ],
  ])("%s", (_what, schema, value) => {
    const start = performance.now();

    const problem = checkAgainstSchema(value, schema, { isExact: true });
    const report = describeProblems(value, schema);

    expect(problem).toMatchObject({ kind: "invalid", message: expect.stringMatching(/take(s)? too long/) });
    expect(report).toMatchObject({ kind: "invalid-schema", reason: expect.stringMatching(/take(s)? too long/) });
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test("many items are compared with each other in no time", () => {
  const schema = { uniqueItems: true };
  const start = performance.now();

  expect(checkAgainstSchema(many(100_000), schema)).toBeUndefined();
  expect(checkAgainstSchema([...many(1_000), 5], schema)).toMatchObject({
    message: expect.stringContaining("non-unique"),
  });
  expect(performance.now() - start).toBeLessThan(5_000);
});

test.each([
  [[1, true, "1", null, [], {}], true],
  [[1, 1.0], false],
  [
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    false,
  ],
  [[{ a: 1 }, { object: [["a", 1]] }, [["a", 1]]], true],
  [
    [
      ["a", 1],
      ["a", 1.5],
    ],
    true,
  ],
])("the items %j are unique: %s", (items, areUnique) => {
  expect(checkAgainstSchema(items, { uniqueItems: true }) === undefined).toBe(areUnique);
});

test.each([
  "http://169.254.169.254/latest/meta-data",
  "https://example.com/schema.json",
  "file:///etc/passwd",
  "//example.com/x",
  "other.json#/a",
  "#anchor",
  "#/$defs/%zz",
  "#/__proto__",
  "#/constructor",
])("a reference to %s is never followed", ($ref) => {
  expect(checkAgainstSchema({ a: 1 }, { properties: { a: { $ref } } })).toMatchObject({
    kind: "invalid",
    message: expect.stringMatching(/Unresolvable|PointerToNowhere/),
  });
});
