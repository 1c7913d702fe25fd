import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/kit/clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("the machine's clock", () => {
  test("never gives a timestamp twice, and never an earlier one", () => {
    const clock = systemClock();
    const read = Array.from({ length: 20_000 }, () => clock.now().padEnd(28, "0"));
    expect(new Set(read).size).toBe(read.length);
    expect(read.map((text) => text.replace("Z", ""))).toEqual(read.map((text) => text.replace("Z", "")).sort());
  });

  test("is close to the wall clock", () => {
    expect(Math.abs(systemClock().nowMs() - Date.now())).toBeLessThan(20);
  });

  test.each([
    { set: -500, moved: 0.001, what: "stands still until it has caught up when set back a little" },
    { set: -3_600_000, moved: -3_600_000, what: "follows when set back an hour" },
    { set: 3_600_000, moved: 3_600_000, what: "follows when set forward" },
  ])("$what", ({ set, moved }) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ["Date", "performance"] });
    const clock = systemClock();
    clock.nowMs();
    const before = clock.nowMs();
    vi.setSystemTime(Date.now() + set);
    expect(clock.nowMs() - before).toBeCloseTo(moved, 0);
  });
});
