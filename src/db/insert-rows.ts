import type { Db } from "./database.ts";
import { adapterOf } from "./dialects/dialect.ts";
import { runPrepared } from "./prepared.ts";
import type { Tables } from "./tables.ts";

/** Rows of one statement: as few statements as possible, but a bounded number of prepared ones. */
const MAX_ROWS = 16;

type Row = Readonly<Record<string, unknown>>;

/** Inserts rows of one table, a few per statement, each statement prepared once. Gives the ids it inserted, if it was asked to. */
export type RowInserter = (db: Db, rows: readonly Row[]) => Promise<readonly string[]>;

/**
 * Declares how rows of a table are inserted.
 * @param options.skipKnown leaves a row whose id is there as it is, and gives the ids that were new; without it a known
 *   id is an error and no ids are given. `any-key` also skips rows that collide with another unique key of a known row
 */
export function rowInserter<T extends keyof Tables & string>(
  table: T,
  columns: readonly (keyof Tables[T] & string)[],
  options: { readonly skipKnown?: boolean | "any-key" } = {},
): RowInserter {
  const { skipKnown = false } = options;
  const texts = new Map<string, string>();

  const textFor = (db: Db, count: number) => {
    const key = `${adapterOf(db).dialect.name} ${count}`;
    const known = texts.get(key);
    if (known !== undefined) return known;
    const text = compile(db, count);
    texts.set(key, text);
    return text;
  };
  const compile = (db: Db, count: number) => {
    const row = Object.fromEntries(columns.map((column) => [column, ""]));
    const insert = db.insertInto(table).values(Array.from({ length: count }, () => row) as never);
    if (!skipKnown) return insert.compile().sql;
    return insert
      .onConflict((conflict) => (skipKnown === "any-key" ? conflict : conflict.column("id" as never)).doNothing())
      .returning("id" as never)
      .compile().sql;
  };

  return async (db, rows) => {
    const ids: string[] = [];
    for (let at = 0; at < rows.length; at += MAX_ROWS) {
      const count = Math.min(MAX_ROWS, rows.length - at);
      const parameters: unknown[] = [];
      for (let index = at; index < at + count; index++) {
        const row = rows[index] as Row;
        for (const column of columns) parameters.push(row[column]);
      }
      const name = `insert_${table}_${count}${skipKnown ? "_new" : ""}`;
      const statement = { sql: textFor(db, count), parameters, name };
      const inserted = await runPrepared<{ id: string }>(db, statement, { later: !skipKnown });
      for (const { id } of inserted) ids.push(id);
    }
    return ids;
  };
}
