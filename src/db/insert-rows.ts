import type { Compilable } from "kysely";
import type { Db } from "./database.ts";
import { type PreparedQuery, prepare } from "./prepared.ts";
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
  const prepared = new Map<number, PreparedQuery<Row, { id: string }>>();

  const statementFor = (count: number) => {
    const known = prepared.get(count);
    if (known) return known;
    const name = `insert_${table}_${count}${skipKnown ? "_new" : ""}`;
    const made = prepare<Row, { id: string }>(
      name,
      (db, value) => {
        const rows = Array.from({ length: count }, (_, index) =>
          Object.fromEntries(columns.map((column) => [column, value(`${index}:${column}`)])),
        );
        const insert = db.insertInto(table).values(rows as never);
        const statement = skipKnown
          ? insert
              .onConflict((conflict) =>
                (skipKnown === "any-key" ? conflict : conflict.column("id" as never)).doNothing(),
              )
              .returning("id" as never)
          : insert;
        return statement as unknown as Compilable<{ id: string }>;
      },
      { later: !skipKnown },
    );
    prepared.set(count, made);
    return made;
  };

  return async (db, rows) => {
    const ids: string[] = [];
    for (let at = 0; at < rows.length; at += MAX_ROWS) {
      const chunk = rows.slice(at, at + MAX_ROWS);
      const values: Record<string, unknown> = {};
      for (const [index, row] of chunk.entries()) {
        for (const column of columns) values[`${index}:${column}`] = row[column];
      }
      for (const { id } of await statementFor(chunk.length)(db, values)) ids.push(id);
    }
    return ids;
  };
}
