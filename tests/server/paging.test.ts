import { describe, expect, test } from "vitest";
import { InvalidLimit } from "../../src/server/errors.ts";
import { numberedPage, pageAnswer, slice } from "../../src/server/paging.ts";
import { loadSettings } from "../../src/settings/index.ts";

const env = { PREFECT_PROFILES_PATH: "/nonexistent", PREFECT_SERVER_API_DEFAULT_LIMIT: "50" };
const ctx = { settings: loadSettings({ env, cwd: "/", homeDir: "/nonexistent" }) };

describe("a slice", () => {
  test.each([
    { limit: undefined, taken: 50 },
    { limit: 0, taken: 0 },
    { limit: 50, taken: 50 },
  ])("asked for with limit $limit has $taken rows", ({ limit, taken }) => {
    expect(slice(ctx, { limit, offset: 7 })).toEqual({ limit: taken, offset: 7 });
  });

  test.each([
    { limit: -1, bound: "greater than or equal to 0" },
    { limit: 51, bound: "less than or equal to 50" },
  ])("of $limit rows is refused", ({ limit, bound }) => {
    expect(() => slice(ctx, { limit, offset: 0 })).toThrow(InvalidLimit(bound).message);
  });
});

describe("a numbered page", () => {
  test.each([
    { page: 1, limit: 10, offset: 0 },
    { page: 3, limit: 10, offset: 20 },
    { page: 5, limit: 0, offset: 0 },
    { page: Number.MAX_SAFE_INTEGER, limit: 50, offset: Number.MAX_SAFE_INTEGER },
  ])("$page of $limit rows begins at $offset", ({ page, limit, offset }) => {
    expect(numberedPage(ctx, { page, limit })).toEqual({ page, limit, offset });
  });

  test.each([
    { count: 0, limit: 10, pages: 0 },
    { count: 10, limit: 10, pages: 1 },
    { count: 11, limit: 10, pages: 2 },
    { count: 11, limit: 0, pages: 0 },
  ])("is one of $pages when $count rows come by $limit", ({ count, limit, pages }) => {
    expect(pageAnswer({ page: 1, limit, offset: 0 }, ["x"], count)).toEqual({
      results: ["x"],
      count,
      limit,
      pages,
      page: 1,
    });
  });
});
