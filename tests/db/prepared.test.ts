import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { isIntegrityViolation } from "../../src/db/errors.ts";
import { prepare } from "../../src/db/prepared.ts";
import { forEachDatabase } from "../support/for-each-database.ts";

const AT = "2026-01-01T00:00:00Z";
const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;

forEachDatabase((open) => {
  describe("a prepared query", () => {
    const insertFlow = prepare<{ id: string; name: string; at: string }>("test_insert_flow", (db, value) =>
      db
        .insertInto("flow")
        .values({ id: value("id"), name: value("name"), created: value("at"), updated: value("at") }),
    );
    const findByName = prepare<
      { name: string; tag: string },
      { id: string; name: string; created: string; twice: string }
    >("test_find_flow", (db, value) =>
      db
        .selectFrom("flow")
        .select(["id", "name", "created", sql<string>`cast(${value("tag")} as varchar)`.as("twice")])
        .where("name", "=", value("name"))
        .where("name", "<>", "never"),
    );

    test("is built once, and run with the values of each call, in reads and in transactions", async () => {
      await using database = await open();
      const at = database.dialect.timestamp(AT);
      let built = 0;
      const count = prepare<{ name: string }, { n: number }>("test_count_flows", (db, value) => {
        built += 1;
        return db.selectFrom("flow").select(db.fn.countAll<number>().as("n")).where("name", "=", value("name"));
      });
      for (let number = 0; number < 5; number += 1) {
        await database.write(async (tx) => {
          await insertFlow(tx, { id: id(number), name: `f${number}`, at });
          expect(await count(tx, { name: `f${number}` })).toEqual([{ n: 1 }]);
        });
      }
      const found = await Promise.all(
        [0, 1, 9].map((number) => findByName(database.read, { name: `f${number}`, tag: "t" })),
      );
      expect(found).toEqual([
        [{ id: id(0), name: "f0", created: AT, twice: "t" }],
        [{ id: id(1), name: "f1", created: AT, twice: "t" }],
        [],
      ]);
      expect([built, await count(database.read, { name: "f4" })]).toEqual([1, [{ n: 1 }]]);
    });

    test("takes values as values, whatever is in them", async () => {
      await using database = await open();
      const name = `'; drop table flow; -- "$1" ? \u{1f600} ${"x".repeat(500)}`;
      const values = { id: id(1), name, at: database.dialect.timestamp(AT) };
      await database.write((tx) => insertFlow(tx, values));
      expect(await findByName(database.read, { name, tag: name })).toMatchObject([{ name, twice: name }]);
    });

    test("passes the database's refusal on", async () => {
      await using database = await open();
      const values = { id: id(1), name: "a", at: database.dialect.timestamp(AT) };
      await database.write((tx) => insertFlow(tx, values));
      const refusal = await database.write((tx) => insertFlow(tx, values)).catch((error: unknown) => error);
      expect(isIntegrityViolation(refusal)).toBe(true);
    });
  });
});
