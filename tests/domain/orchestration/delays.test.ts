import fc from "fast-check";
import { expect, test } from "vitest";
import { clampedPoissonInterval, roundHalfEven } from "../../../src/domain/orchestration/delays.ts";

test("an interval stays below its clamp and never turns negative", () => {
  const seconds = fc.double({ min: 0.001, max: 1e6, noNaN: true });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const clamp = fc.double({ min: 0.01, max: 10, noNaN: true });
  fc.assert(
    fc.property(seconds, random, clamp, (average, draw, factor) => {
      const interval = clampedPoissonInterval(average, draw, factor);

      expect(interval).toBeGreaterThanOrEqual(0);
      expect(interval).toBeLessThanOrEqual(average * (1 + factor) * 1.000_001);
    }),
  );
});

test.each([
  { random: 0, seconds: 7.517_718 },
  { random: 0.5, seconds: 9.887_778 },
  { random: 0.999_999_9, seconds: 13 },
])("an average of 10 s drawn at $random is $seconds s", ({ random, seconds }) => {
  expect(clampedPoissonInterval(10, random)).toBeCloseTo(seconds, 3);
});

test("no average, no wait", () => {
  expect(clampedPoissonInterval(0, 0.5)).toBe(0);
});

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [2.4, 2],
  [2.6, 3],
])("%d rounds to %d", (value, rounded) => {
  expect(roundHalfEven(value)).toBe(rounded);
});
