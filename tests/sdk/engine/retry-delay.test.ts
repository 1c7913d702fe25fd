import { expect, test } from "vitest";
import { delayBefore, delaysOf, withJitter } from "../../../src/sdk/engine/retry-delay.ts";
import { exponentialBackoff } from "../../../src/sdk/index.ts";

test.each([
  ["one number", 3, [3, 3, 3]],
  ["a list", [1, 5], [1, 5, 5]],
  ["an empty list", [], [0, 0, 0]],
  ["an exponential backoff", exponentialBackoff(2), [2, 4, 8]],
])("%s gives the delay before each retry", (_title, delay, expected) => {
  const delays = delaysOf(delay, 3);

  expect([0, 1, 2].map((attempt) => delayBefore(delays, attempt))).toEqual(expected);
});

test("no more than 50 delays are kept", () => {
  expect(delaysOf(exponentialBackoff(1), 80)).toHaveLength(50);
});

test.each([
  ["the smallest sample", 0, 5],
  ["a large sample", 0.999, 15],
  ["a middling sample", 1 - Math.exp(-1), 10],
])("jitter keeps %s within the factor", (_title, random, expected) => {
  expect(withJitter(10, 0.5, random)).toBeCloseTo(expected);
});
