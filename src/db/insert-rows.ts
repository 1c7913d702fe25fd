import { type InsertQueryBuilder, sql } from "kysely";
import type { Db } from "./database.ts";
import { adapterOf } from "./dialects/dialect.ts";
import { runPrepared } from "./prepared.ts";
import type { Tables } from "./tables.ts";

/** Rows of one statement: as few statements as possible, but a bounded number of prepared ones. */
const MAX_ROWS = 16;
/** Rows that travel as one text. */
const MAX_ROWS_OF_TEXT = 1_000;

type Row = Readonly<Record<string, unknown>>;

/** Inserts rows of one table, a few per statement, each statement prepared once. Gives the ids it inserted, if it was asked to. */
export type RowInserter = (db: Db, rows: readonly Row[]) => Promise<readonly string[]>;

export interface InsertOptions {
  /**
   * Leaves a row whose id is there as it is, and gives the ids that were new; without it a known id is an error and no
   * ids are given. `any-key` also skips rows that collide with another unique key of a known row.
   */
  readonly skipKnown?: boolean | "any-key";
  /** For rows that come by the hundred: the columns that hold JSON. After a failure the unit must not go on. */
  readonly bulk?: { readonly json: readonly string[] };
}

/** How some rows are written as one statement. */
interface Form {
  readonly name: string;
  readonly parameters: readonly unknown[];
  /** Adds the values to a query. */
  fill(insert: Insert): Insert;
}

// biome-ignore lint/suspicious/noExplicitAny: any table's rows are inserted the same way
type Insert = InsertQueryBuilder<Tables, any, any>;

/** Declares how rows of a table are inserted. */
export function rowInserter<T extends keyof Tables & string>(
  table: T,
  columns: readonly (keyof Tables[T] & string)[],
  options: InsertOptions = {},
): RowInserter {
  const { skipKnown = false, bulk } = options;
  const texts = new Map<string, string>();
  const suffix = skipKnown ? "_new" : "";

  const compile = (db: Db, fill: Form["fill"]) => {
    const insert = db.insertInto(table) as Insert;
    // Or else SQLite notes what each page was before, to undo one statement of several.
    const isSqlite = adapterOf(db).dialect.name === "sqlite";
    const filled = fill(bulk && isSqlite ? insert.orFail() : insert);
    if (!skipKnown) return filled.compile().sql;
    return filled
      .onConflict((conflict) => (skipKnown === "any-key" ? conflict : conflict.column("id" as never)).doNothing())
      .returning("id" as never)
      .compile().sql;
  };
  const textFor = (db: Db, { name, fill }: Form) => {
    const key = `${adapterOf(db).dialect.name} ${name}`;
    const text = texts.get(key) ?? compile(db, fill);
    texts.set(key, text);
    return text;
  };

  return async (db, rows) => {
    const isText = bulk !== undefined && rows.length > MAX_ROWS && adapterOf(db).dialect.name === "postgres";
    const step = isText ? MAX_ROWS_OF_TEXT : MAX_ROWS;
    const ids: string[] = [];
    for (let at = 0; at < rows.length; at += step) {
      const part = rows.slice(at, at + step);
      const form = isText ? textForm(table, columns, { rows: part, json: bulk.json }) : valuesForm(columns, part);
      const statement = {
        sql: textFor(db, form),
        parameters: form.parameters,
        name: `insert_${table}_${form.name}${suffix}`,
      };
      const inserted = await runPrepared<{ id: string }>(db, statement, { later: !skipKnown });
      for (const { id } of inserted) ids.push(id);
    }
    return ids;
  };
}

/** A parameter for each value. */
function valuesForm(columns: readonly string[], rows: readonly Row[]): Form {
  const parameters: unknown[] = [];
  for (const row of rows) for (const column of columns) parameters.push(row[column]);
  return {
    name: String(rows.length),
    parameters,
    fill(insert) {
      const row = Object.fromEntries(columns.map((column) => [column, ""]));
      return insert.values(Array.from(rows, () => row));
    },
  };
}

/** One parameter for all rows, on PostgreSQL: a statement for any number of them, in one round trip. */
function textForm(
  table: string,
  columns: readonly string[],
  { rows, json }: { readonly rows: readonly Row[]; readonly json: readonly string[] },
): Form {
  const fields = columns.map((column) => ({
    key: `${JSON.stringify(column)}:`,
    column,
    isJson: json.includes(column),
  }));
  const textOf = (row: Row) => {
    const values = fields.map(({ key, column, isJson }) => {
      const value = row[column] ?? null;
      return key + (isJson && value !== null ? value : JSON.stringify(value));
    });
    return `{${values.join(",")}}`;
  };
  return {
    name: "many",
    parameters: [`[${rows.map(textOf).join(",")}]`],
    fill(insert) {
      const names = sql.join(columns.map((column) => sql.ref(column)));
      const source = sql`select ${names} from json_populate_recordset(null::${sql.table(table)}, ${"rows"})`;
      return insert.columns(columns as never).expression(source as never);
    },
  };
}
