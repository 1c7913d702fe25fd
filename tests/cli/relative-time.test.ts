import { expect, test } from "vitest";
import { relativeTime } from "../../src/cli/relative-time.ts";

test.each([
  [-500, "now"],
  [-1000, "1 second ago"],
  [-59_000, "59 seconds ago"],
  [-60_000, "1 minute ago"],
  [7_200_000, "in 2 hours"],
  [-86_400_000, "1 day ago"],
  [8 * 86_400_000, "in 1 week"],
  [-40 * 86_400_000, "1 month ago"],
  [-800 * 86_400_000, "2 years ago"],
])("%d ms from now reads %s", (offsetMs, text) => {
  expect(relativeTime(1e12 + offsetMs, 1e12)).toBe(text);
});
