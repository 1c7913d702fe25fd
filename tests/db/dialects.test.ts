import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { parseInterval } from "../../src/db/dialects/postgres.ts";
import { forEachDatabase } from "../support/for-each-database.ts";

const id = "00000000-0000-7000-8000-000000000001";

forEachDatabase((open) => {
  describe("values", () => {
    test.each([
      "2026-01-02T03:04:05Z",
      "2026-01-02T03:04:05.000001Z",
      "2026-01-02T03:04:05.120000Z",
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999999Z",
    ])("the timestamp %s comes back as it was, and compares by time", async (at) => {
      await using database = await open();
      const { timestamp } = database.dialect;
      await database.write((tx) =>
        tx
          .insertInto("flow")
          .values({ id, name: "a", created: timestamp(at), updated: timestamp(at) })
          .execute(),
      );
      const found = await database.read
        .selectFrom("flow")
        .select(["created"])
        .where("created", "<=", timestamp(at))
        .where("created", ">=", timestamp(at))
        .execute();
      expect(found).toEqual([{ created: at }]);
    });

    test.each([0, 0.000001, 1.5, 86_400, 90_061.25, 3_000_000_000])(
      "an interval of %d s comes back as seconds",
      async (seconds) => {
        await using database = await open();
        const { timestamp, interval } = database.dialect;
        const at = timestamp("2026-01-01T00:00:00Z");
        await database.write((tx) =>
          tx
            .insertInto("task_run")
            .values({
              id,
              created: at,
              updated: at,
              name: "t",
              task_key: "t",
              dynamic_key: "0",
              run_count: 3,
              total_run_time: interval(seconds),
            })
            .execute(),
        );
        const [row] = await database.read.selectFrom("task_run").select(["total_run_time", "run_count"]).execute();
        expect(row).toEqual({ total_run_time: seconds, run_count: 3 });
      },
    );

    test("JSON comes back as text with its numbers untouched, booleans as booleans, counts as numbers", async () => {
      await using database = await open();
      const at = database.dialect.timestamp("2026-01-01T00:00:00Z");
      const labels = '{"a": 9007199254740993, "b": 1.0}';
      await database.write(async (tx) => {
        await tx.insertInto("flow").values({ id, name: "a", created: at, updated: at, labels }).execute();
        await tx
          .insertInto("deployment")
          .values({
            id,
            created: at,
            updated: at,
            name: "d",
            flow_id: id,
            paused: true,
            enforce_parameter_schema: false,
          })
          .execute();
      });
      const [flow] = await database.read.selectFrom("flow").select("labels").execute();
      const [deployment] = await database.read
        .selectFrom("deployment")
        .select(["paused", "enforce_parameter_schema"])
        .execute();
      const { rows } = await sql<{ n: unknown }>`select count(*) as n from flow`.execute(database.read);
      expect([flow, deployment, rows]).toEqual([
        { labels },
        { paused: true, enforce_parameter_schema: false },
        [{ n: 1 }],
      ]);
    });

    test("readers see nothing of a transaction before its commit, and everything after", async () => {
      await using database = await open();
      const at = database.dialect.timestamp("2026-01-01T00:00:00Z");
      const count = async () => (await database.read.selectFrom("flow").select("id").execute()).length;
      const during = await database.write(async (tx) => {
        await tx.insertInto("flow").values({ id, name: "a", created: at, updated: at }).execute();
        return count();
      });
      expect([during, await count()]).toEqual([0, 1]);
    });
  });
});

describe("PostgreSQL's intervals", () => {
  test.each([
    ["00:00:00", 0],
    ["00:00:01.5", 1.5],
    ["-00:00:01", -1],
    ["1 day", 86_400],
    ["-2 days", -172_800],
    ["3 days 04:05:06.000007", 273_906.000007],
    ["1000:00:00", 3_600_000],
    ["", 0],
  ])("%j are %d s", (text, seconds) => {
    expect(parseInterval(text)).toBe(seconds);
  });

  test("of another form are refused rather than misread", () => {
    expect(() => parseInterval("1 mon")).toThrow("1 mon");
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{1,10}$/), (text) => {
        expect(() => parseInterval(text)).toThrow(RangeError);
      }),
    );
  });
});
