import type { ColumnType } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";

type PerDialect = Readonly<Record<"sqlite" | "postgres", string>>;

interface Reference {
  readonly table: string;
  readonly onDelete: "CASCADE" | "SET NULL" | "RESTRICT" | "NO ACTION";
  /** Where the reference's constraint name does not follow `fk_<table>__<column>__<referenced table>`. */
  readonly name?: Partial<PerDialect>;
}

/** `Read` is what our dialects return, `Written` what a statement is given; the row types of `Tables` follow from them. */
export interface Column<Read = unknown, Written = unknown, HasDefault = boolean> {
  readonly sqlType: PerDialect;
  readonly isNullable: boolean;
  /** The default as SQL text. */
  readonly defaultSql?: PerDialect;
  readonly references?: Reference;
  /** Set on no column: carries the types only. */
  readonly types?: readonly [Read, Written, HasDefault];
}

type Columns = Readonly<Record<string, Column>>;

/** Columns or expressions, then perhaps ` WHERE condition`, in SQL that both dialects read. */
type IndexKey = string;

export interface Table<C extends Columns = Columns> {
  readonly columns: C;
  readonly primaryKey: { readonly name: string; readonly column: string };
  /** UNIQUE constraints of the table, by name. */
  readonly unique: Readonly<Record<string, readonly string[]>>;
  /** CHECK constraints; PostgreSQL cuts names after 63 bytes its own way, so each dialect has its own. */
  readonly checks: readonly { readonly name: PerDialect; readonly sql: string }[];
  /** Unique indexes of the reference, by name: `ON CONFLICT` targets. */
  readonly uniqueIndexes: Readonly<Record<string, IndexKey>>;
  /** Our other indexes, by name. Each names the query that pays for it. */
  readonly indexes: Readonly<Record<string, IndexKey>>;
}

/** The row type Kysely works with. */
export type RowOf<T extends Table> = {
  readonly [K in keyof T["columns"]]: T["columns"][K] extends Column<infer Read, infer Written, infer HasDefault>
    ? ColumnType<Read, HasDefault extends true ? Written | undefined : Written, Written>
    : never;
};

export function table<C extends Columns>(
  name: string,
  columns: C,
  more: Partial<Omit<Table, "columns">> = {},
): Table<C> {
  return {
    columns,
    primaryKey: { name: `pk_${name}`, column: "id" },
    unique: {},
    checks: [],
    uniqueIndexes: {},
    indexes: {},
    ...more,
  };
}

const column = <Read, Written = Read>(sqlite: string, postgres: string): Column<Read, Written, false> => ({
  sqlType: { sqlite, postgres },
  isNullable: false,
});

export const uuid = () => column<string>("CHAR(36)", "uuid");
export const text = () => column<string>("VARCHAR", "character varying");
export const longText = () => column<string>("TEXT", "text");
export const integer = () => column<number>("INTEGER", "integer");
export const smallint = () => column<number>("SMALLINT", "smallint");
export const double = () => column<number>("FLOAT", "double precision");
export const boolean = () => column<boolean>("BOOLEAN", "boolean");
/** Read as a wire timestamp, written as `dialect.timestamp(...)`. */
export const timestamp = () => column<Timestamp, string>("DATETIME", "timestamp with time zone");
/** Read as seconds, written as `dialect.interval(...)`. */
export const interval = () => column<number, string>("DATETIME", "interval");
/** Raw JSON text. PostgreSQL stores it parsed and gives it back normalised. */
export const json = () => column<string>("JSON", "jsonb");
/** Raw JSON text, kept as it was written. */
export const verbatimJson = () => column<string>("JSON", "json");

/** One of a list of words: an enum type on PostgreSQL, plain text on SQLite (which ignores the length it declares). */
export function oneOf<V extends string>(
  enumName: string,
  values: readonly V[],
  sqliteLength = Math.max(...values.map((value) => value.length)),
): Column<V, V, false> {
  return column<V>(`VARCHAR(${sqliteLength})`, enumName);
}

export function optional<R, W, D>(of: Column<R, W, D>): Column<R | null, W | null, D> {
  return { ...of, isNullable: true } as Column<R | null, W | null, D>;
}

/** @param sqlite SQL text of the default; the same on PostgreSQL unless given */
export function withDefault<R, W>(of: Column<R, W, boolean>, sqlite: string, postgres = sqlite): Column<R, W, true> {
  return { ...of, defaultSql: { sqlite, postgres } } as Column<R, W, true>;
}

export function references<R, W, D>(
  of: Column<R, W, D>,
  table: string,
  rest: Omit<Reference, "table">,
): Column<R, W, D> {
  return { ...of, references: { table, ...rest } };
}

/** A random version 4 uuid: `xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx`. */
const RANDOM_UUID = `(lower(printf('%s-%s-4%s-%s%s-%s', hex(randomblob(4)), hex(randomblob(2)), substr(hex(randomblob(2)), 2), substr('89AB', 1 + (random() & 3), 1), substr(hex(randomblob(2)), 2), hex(randomblob(6)))))`;
const NOW = "(strftime('%Y-%m-%d %H:%M:%f000', 'now'))";

export const nowByDefault = () => withDefault(timestamp(), NOW, "CURRENT_TIMESTAMP");

/** The three columns every table has. */
export const identity = {
  id: withDefault(uuid(), RANDOM_UUID, "gen_random_uuid()"),
  created: nowByDefault(),
  updated: nowByDefault(),
};

export const emptyObject = () => withDefault(json(), "'{}'");
export const emptyArray = () => withDefault(json(), "'[]'");
export const falseByDefault = () => withDefault(boolean(), "'0'", "false");
