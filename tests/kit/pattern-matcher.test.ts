import { expect, test } from "vitest";
import { createPatternMatcher, PatternTooSlow } from "../../src/kit/pattern-matcher.ts";

test.each([
  ["^a$", "a", true],
  ["^a$", "b", false],
  ["^[a-z]+-[0-9]+$", "abc-12", true],
  ["^[a-z]+-[0-9]+$", "abc-x", false],
  ["^(a+)+$", "aaaa", true],
  ["^(a+|b)+$", "aabx", false],
  ["(?P<python>x)*+", "anything", true],
  ["(", "anything", true],
  ["^(é|😀)+$", "é😀", true],
])("%s in %s: %s", (pattern, text, isThere) => {
  expect(createPatternMatcher()(pattern, text)).toBe(isThere);
});

test.each([
  ["nested repeats", "^(a+)+$", `${"a".repeat(40)}!`],
  ["repeats in a look-ahead", "^(?=(a|aa)+$)b", `${"a".repeat(100)}!`],
  ["repeats side by side in a long text", "a*a*a*b", "a".repeat(50_000)],
])("%s end when the time is up, and the next slow one at once", (_what, pattern, text) => {
  const matches = createPatternMatcher(20);
  const start = performance.now();

  expect(() => matches(pattern, text)).toThrow(PatternTooSlow);
  expect(() => matches(pattern, text)).toThrow(PatternTooSlow);
  expect(performance.now() - start).toBeLessThan(2_000);
});
