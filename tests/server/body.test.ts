import { describe, expect, test } from "vitest";
import * as s from "../../src/kit/schema/schema.ts";
import { parseBody } from "../../src/server/body.ts";
import { parts } from "../../src/server/body-parts.ts";
import { UnreadableBody } from "../../src/server/errors.ts";

describe("a body's text", () => {
  test.each([
    { name: "half a surrogate pair in a value", text: '{"a":["\\ud800"]}' },
    { name: "half a surrogate pair in a key", text: '{"\\udc00":1}' },
  ])("with $name is refused", ({ text }) => {
    expect(() => parseBody(Buffer.from(text))).toThrow(UnreadableBody().message);
  });

  test.each(['{"a":"\\ud83d\\ude00"}', '{"a":"\\\\ud800"}', '{"a":"\\u0000"}'])("%s is read", (text) => {
    expect(parseBody(Buffer.from(text))).toEqual(JSON.parse(text));
  });
});

describe("nesting", () => {
  const nested = (depth: number) => `${'{"a":['.repeat(depth / 2)}1${"]}".repeat(depth / 2)}`;

  test("is refused where a walk over it could exhaust the stack", () => {
    expect(() => parseBody(Buffer.from(nested(952)))).toThrow(UnreadableBody().message);
    expect(() => parseBody(Buffer.from("[".repeat(100_000)))).toThrow(UnreadableBody().message);
  });

  test.each([
    nested(900),
    JSON.stringify(["[{".repeat(1000)]),
    JSON.stringify([`\\"${"[".repeat(1000)}`, "[".repeat(1000)]),
    JSON.stringify(Array.from({ length: 2000 }, () => [{ a: 1 }])),
  ])("is taken where there is less of it (%#)", (text) => {
    expect(JSON.stringify(parseBody(Buffer.from(text)))).toBe(text);
  });
});

describe("a body of parts", () => {
  const body = parts("Body_x", { limit: s.optional(s.integer()), sort: s.defaulted(s.string(), "A") });

  test.each([undefined, null, {}, { other: 1 }])("may be %j", (input) => {
    expect(body.parse(input)).toEqual({ ok: true, value: { sort: "A" } });
  });

  test.each([[[]], [1], ["x"]])("lacks every part when it is %j", (input) => {
    expect(body.parse(input)).toMatchObject({
      errors: [
        { type: "missing", loc: ["limit"], input: null },
        { type: "missing", loc: ["sort"], input: null },
      ],
    });
  });
});
