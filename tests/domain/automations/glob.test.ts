import { expect, test } from "vitest";
import { glob, prefixPattern, valuePattern } from "../../../src/domain/automations/glob.ts";

test.each([
  ["prefect.flow-run.*", "prefect.flow-run.Running", true],
  ["prefect.flow-run.*", "prefect.flow-run.", true],
  ["prefect.flow-run.*", "prefect.flow-runs", false],
  ["plain", "plain", true],
  ["plain", "plainer", false],
  ["a*c", "abbc", true],
  ["a*c", "abcd", false],
  ["*b*", "abc", true],
  ["a?c", "a🙂c", true],
  ["a?c", "ac", false],
  ["[ab]x", "bx", true],
  ["[!ab]x", "bx", false],
  ["[a-c]x", "bx", true],
  ["[]]x", "]x", true],
  ["[ab", "[ab", true],
  ["a.c", "abc", false],
  ["", "", true],
])("%o, as a pattern for %o: %o", (pattern, text, expected) => {
  expect(glob(pattern)(text)).toBe(expected);
});

test("a pattern made to take for ever does not", () => {
  expect(glob(`${"a*".repeat(60)}b`)("a".repeat(5000))).toBe(false);
});

test.each([
  ["!a*", "abc", false],
  ["!a*", "bcd", true],
  ["!a*", undefined, false],
  ["a*", undefined, false],
])("%o, for the value %o: %o", (pattern, value, expected) => {
  expect(valuePattern(pattern)(value)).toBe(expected);
});

test.each([
  ["a.*", "a.b", true],
  ["a.*", "a.", false],
  ["a", "abc", true],
  ["a*c", "abcd", true],
  ["a?", "ab", false],
])("%o begins %o: %o", (pattern, text, expected) => {
  expect(prefixPattern(pattern)(text)).toBe(expected);
});
