import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { turnstile } from "../../src/kit/turnstile.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a turnstile", () => {
  test("lets as many in as there are places, and the others in the order they came", async () => {
    const gate = turnstile(2);
    const entered: number[] = [];
    for (const number of [1, 2, 3, 4]) void gate.enter(1000).then(() => entered.push(number));
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toEqual([1, 2]);
    gate.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toEqual([1, 2, 3]);
    gate.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toEqual([1, 2, 3, 4]);
  });

  test("sends those away who have waited too long, and gives their turn to the next", async () => {
    const gate = turnstile(1);
    await gate.enter(0);
    const impatient = gate.enter(100);
    const patient = gate.enter(1000);
    await vi.advanceTimersByTimeAsync(100);
    expect(await impatient).toBe(false);
    gate.leave();
    expect(await patient).toBe(true);
    gate.leave();
    expect(await gate.enter(0)).toBe(true);
  });
});
