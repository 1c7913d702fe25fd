import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { silentLogger } from "../../src/kit/logger.ts";
import { startLoop } from "../../src/kit/loop.ts";

const options = { name: "test", intervalMs: 1000, log: silentLogger };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a loop", () => {
  test("ticks at once, then every interval", async () => {
    const tick = vi.fn(async () => undefined);
    const loop = startLoop(options, tick);
    await vi.advanceTimersByTimeAsync(2500);
    expect(tick).toHaveBeenCalledTimes(3);
    await loop.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(tick).toHaveBeenCalledTimes(3);
  });

  test("ticks now when woken, also when woken during a tick", async () => {
    let finish = () => {};
    const tick = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const loop = startLoop(options, tick);
    loop.wake();
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(tick).toHaveBeenCalledTimes(2);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    loop.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(tick).toHaveBeenCalledTimes(3);
    finish();
    await loop.stop();
  });

  test("waits longer after each failure, up to a minute, and goes on", async () => {
    const error = vi.fn();
    const times: number[] = [];
    const tick = async () => {
      times.push(Date.now());
      if (times.length < 9) throw new Error("no");
    };
    vi.useFakeTimers({ now: 0, toFake: ["setTimeout", "clearTimeout", "Date"] });
    const loop = startLoop({ ...options, log: { ...silentLogger, error } }, tick);
    await vi.advanceTimersByTimeAsync(400_000);
    const pauses = times.slice(1).map((time, index) => (time - (times[index] as number)) / 1000);
    expect(pauses.slice(0, 9)).toEqual([2, 4, 8, 16, 32, 60, 60, 60, 1]);
    expect(error).toHaveBeenCalledTimes(8);
    await loop.stop();
  });

  test("lets the tick under way end before it stops, and tells it", async () => {
    let finish = () => {};
    let told = false;
    const loop = startLoop(options, async (signal) => {
      signal.addEventListener("abort", () => (told = true));
      await new Promise<void>((resolve) => (finish = resolve));
    });
    let isStopped = false;
    const stopping = loop.stop().then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(10);
    expect([told, isStopped]).toEqual([true, false]);
    finish();
    await stopping;
    await loop.stop();
  });
});
