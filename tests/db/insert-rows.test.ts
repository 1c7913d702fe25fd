import { describe, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { rowInserter } from "../../src/db/insert-rows.ts";
import { forEachDatabase } from "../support/for-each-database.ts";

const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;

forEachDatabase((open) => {
  describe("inserting rows", () => {
    const columns = ["id", "name", "created", "updated", "labels"] as const;
    const insert = rowInserter("flow", columns);
    const insertNew = rowInserter("flow", columns, { skipKnown: true });
    const insertMany = rowInserter("flow", columns, { bulk: { json: ["labels"] } });
    const insertManyNew = rowInserter("flow", columns, { skipKnown: true, bulk: { json: ["labels"] } });
    const insertUnlike = rowInserter("flow", columns, { skipKnown: "any-key" });

    const rows = (database: Database, from: number, count: number) => {
      const at = database.dialect.timestamp("2026-01-01T00:00:00Z");
      return Array.from({ length: count }, (_, index) => ({
        id: id(from + index),
        name: `f${from + index}`,
        created: at,
        updated: at,
        labels: '{"a":1.0}',
      }));
    };
    const stored = (database: Database) =>
      database.read.selectFrom("flow").select(["id", "name", "labels"]).orderBy("id").execute();

    test.each([
      ...[0, 1, 15, 16, 17, 33, 100].map((count) => [count, "a few at a time", insert] as const),
      ...[0, 1, 16, 17, 1000, 1001].map((count) => [count, "in bulk", insertMany] as const),
    ])("stores %d of them, %s", async (count, _how, insert) => {
      await using database = await open();
      await database.write((tx) => insert(tx, rows(database, 1, count)));
      expect(await stored(database)).toEqual(
        rows(database, 1, count).map(({ id, name }) => ({
          id,
          name,
          labels: expect.stringMatching(/^\{"a": ?1\.0\}$/),
        })),
      );
    });

    test.each([
      ["a few at a time", insertNew],
      ["in bulk", insertManyNew],
    ] as const)("leaves those that are known as they are, and tells which were new, %s", async (_how, insertNew) => {
      await using database = await open();
      await database.write((tx) => insert(tx, rows(database, 1, 20)));
      const offered = rows(database, 11, 40).map((row) => ({ ...row, name: `new ${row.name}` }));
      const inserted = await database.write((tx) => insertNew(tx, offered));
      expect([...inserted].sort()).toEqual(offered.slice(10).map((row) => row.id));
      expect((await stored(database)).map(({ name }) => name).filter((name) => name.startsWith("new"))).toHaveLength(
        30,
      );
    });

    test("leaves out what collides with another key of a known row, where it is asked to", async () => {
      await using database = await open();
      await database.write((tx) => insert(tx, rows(database, 1, 1)));
      const [row] = rows(database, 1, 1);
      const inserted = await database.write((tx) => insertUnlike(tx, [{ ...row, id: id(2) }, ...rows(database, 3, 1)]));
      expect(inserted).toEqual([id(3)]);
    });

    test("keeps every character, and no value for null, in bulk", async () => {
      await using database = await open();
      const name = `"quoted" \\ \n é 😀`;
      const many = rows(database, 1, 20).map((row) => ({ ...row, name: `${name} ${row.id}`, labels: null }));

      await database.write((tx) => rowInserter("flow", columns, { bulk: { json: ["labels"] } })(tx, many));

      expect(await stored(database)).toEqual(many.map(({ id, name, labels }) => ({ id, name, labels })));
    });

    test.each([
      ["a few at a time", insert],
      ["in bulk", insertMany],
    ] as const)("stores none when one is refused, %s", async (_how, insert) => {
      await using database = await open();
      await database.write((tx) => insert(tx, rows(database, 30, 1)));
      await expect(database.write((tx) => insert(tx, rows(database, 1, 40)))).rejects.toThrow();
      expect(await stored(database)).toHaveLength(1);
    });
  });
});
