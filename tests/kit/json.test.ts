import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson, rawNumberText, toNumber } from "../../src/kit/json.ts";

describe("parseJson", () => {
  test.each([
    "9007199254740993",
    "-9007199254740993",
    "1.0",
    "-1.50",
    "1e3",
    "1E-7",
    "1.0e+2",
    "0.1234567890123456789",
    "123456789.12345678901",
  ])("keeps the text of %s wherever it stands", (number) => {
    for (const text of [number, `[${number}]`, `[1,${number},2]`, `{"a":${number}}`, `{"a":{"b":[${number}]}}`]) {
      expect(JSON.stringify(parseJson(text))).toBe(text);
      expect(JSON.stringify(parseJson(` ${text.replaceAll(/([,:])/g, "$1\n\t")} `))).toBe(text);
    }
  });

  test("gives plain numbers where JavaScript writes them alike", () => {
    expect(parseJson('{"a":[1,-2.5,9007199254740991]}')).toEqual({ a: [1, -2.5, 9007199254740991] });
  });

  test("does not look for numbers in strings", () => {
    const value = { id: "019aaf3e-1e5b-7123-9e3e-aaaa1e2e3e4e", at: "2026-11-22T10:00:00.120340Z", n: "1.0" };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  test("leaves a __proto__ key an ordinary key", () => {
    const value = parseJson('{"__proto__":{"polluted":1.0}}') as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test("gives back what JSON.stringify wrote", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseJson(text))).toBe(text);
      }),
    );
  });
});

describe("a number that was kept as text", () => {
  const [kept] = parseJson("[1.0]") as [unknown];

  test("can be read", () => {
    expect(toNumber(kept)).toBe(1);
    expect(rawNumberText(kept)).toBe("1.0");
  });

  test("is told from other values", () => {
    expect([toNumber(1), toNumber("1"), toNumber(null)]).toEqual([1, undefined, undefined]);
    expect(rawNumberText(1)).toBeUndefined();
  });
});
