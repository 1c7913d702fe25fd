import { expect, test } from "vitest";
import { createLimiter } from "../../../src/sdk/engine/limiter.ts";

test("work beyond the limit waits its turn", async () => {
  const limiter = createLimiter(1);
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const running = limiter.run(async () => {
    order.push("first starts");
    await first.promise;
    order.push("first ends");
  });
  const waiting = limiter.run(async () => void order.push("second"));

  first.resolve();
  await Promise.all([running, waiting]);

  expect(order).toEqual(["first starts", "first ends", "second"]);
});

test("a slot is free again after work that threw", async () => {
  const limiter = createLimiter(1);

  await expect(limiter.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await limiter.run(async () => "next")).toBe("next");
});

test("work that waits when the limiter closes is never started", async () => {
  const limiter = createLimiter(1);
  const first = Promise.withResolvers<string>();
  const running = limiter.run(() => first.promise);
  const waiting = limiter.run(async () => "never");

  limiter.close();
  first.resolve("done");

  expect([await running, await waiting]).toEqual(["done", undefined]);
});
