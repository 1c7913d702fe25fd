import { expect, test } from "vitest";
import { insertCachedState } from "../../../../src/domain/orchestration/task-rules/insert-cached-state.ts";
import { at, only, propose, summary, taskRun } from "../support.ts";

function complete(cache_key: string | null) {
  const state_details = { cache_key, cache_expiration: at(60) };
  return propose(only(insertCachedState), {
    run: taskRun(),
    from: { type: "RUNNING" },
    to: { type: "COMPLETED", state_details },
  });
}

test("a completed state with a cache key is stored under it", () => {
  expect(complete("key").effects).toEqual([
    { kind: "insert-task-cache", cacheKey: "key", cacheExpiration: at(60), stateId: "proposed" },
  ]);
});

test("a completed state without a cache key is not stored", () => {
  expect(complete(null).effects).toEqual([]);
});

test("too long a cache key is reported, and the run completes all the same", () => {
  expect(summary(complete("é".repeat(2000)))).toBe("ACCEPT COMPLETED");
  expect(summary(complete("𝔘".repeat(2001)))).toBe(
    "REJECT COMPLETED: Cache key exceeded maximum allowed length of 2000 characters.",
  );
});
