import type { Column, Table } from "./table-definition.ts";

type DialectName = "sqlite" | "postgres";
type Schema = Readonly<Record<string, Table>>;
type Enums = Readonly<Record<string, readonly string[]>>;

/** The statements that create `schema` on an empty database, in an order both dialects accept. */
export function createStatements(dialect: DialectName, schema: Schema, enums: Enums): readonly string[] {
  const tables = Object.entries(schema);
  return [
    ...(dialect === "postgres" ? Object.entries(enums).map(createEnum) : []),
    ...tables.map(([name, table]) => createTable(dialect, name, table)),
    // Tables refer to each other in rings, which PostgreSQL allows only afterwards and SQLite only inside the table.
    ...(dialect === "postgres" ? tables.flatMap(([name, table]) => addForeignKeys(name, table)) : []),
    ...tables.flatMap(([name, table]) => createIndexes(name, table)),
  ];
}

const quote = (name: string) => `"${name}"`;

function createEnum([name, values]: readonly [string, readonly string[]]): string {
  return `CREATE TYPE ${name} AS ENUM (${values.map((value) => `'${value}'`).join(", ")})`;
}

/** The statement that adds a column to a table with rows. */
export function addColumnSql(
  dialect: DialectName,
  table: string,
  [name, column]: readonly [name: string, column: Column],
): string {
  return `ALTER TABLE ${quote(table)} ADD COLUMN ${columnSql(dialect, name, column)}`;
}

function createTable(dialect: DialectName, name: string, table: Table): string {
  const columns = Object.entries(table.columns);
  const parts = [
    ...columns.map(([column, definition]) => columnSql(dialect, column, definition)),
    `CONSTRAINT ${table.primaryKey.name} PRIMARY KEY (${table.primaryKey.column})`,
    ...Object.entries(table.unique).map(([key, names]) => `CONSTRAINT ${key} UNIQUE (${names.map(quote).join(", ")})`),
    ...table.checks.map((check) => `CONSTRAINT ${check.name[dialect]} CHECK (${check.sql})`),
    ...(dialect === "sqlite" ? foreignKeys(dialect, name, table) : []),
  ];
  return `CREATE TABLE ${quote(name)} (\n  ${parts.join(",\n  ")}\n)`;
}

/** A column as it stands in a declaration. */
export function columnSql(dialect: DialectName, name: string, column: Column): string {
  const byDefault = column.defaultSql ? ` DEFAULT ${column.defaultSql[dialect]}` : "";
  return `${quote(name)} ${column.sqlType[dialect]}${byDefault}${column.isNullable ? "" : " NOT NULL"}`;
}

function foreignKeys(dialect: DialectName, name: string, table: Table): string[] {
  return Object.entries(table.columns).flatMap(([column, { references }]) => {
    if (!references) return [];
    const key = references.name?.[dialect] ?? `fk_${name}__${column}__${references.table}`;
    const onDelete = references.onDelete === "NO ACTION" ? "" : ` ON DELETE ${references.onDelete}`;
    return [`CONSTRAINT ${key} FOREIGN KEY (${quote(column)}) REFERENCES ${quote(references.table)} (id)${onDelete}`];
  });
}

function addForeignKeys(name: string, table: Table): string[] {
  return foreignKeys("postgres", name, table).map((key) => `ALTER TABLE ${quote(name)} ADD ${key}`);
}

function createIndexes(name: string, table: Table): string[] {
  const create =
    (kind: string) =>
    ([index, key]: readonly [string, string]) => {
      const [columns, where] = key.split(" WHERE ");
      return `CREATE ${kind} ${index} ON ${quote(name)} (${columns})${where ? ` WHERE ${where}` : ""}`;
    };
  return [
    ...Object.entries(table.uniqueIndexes).map(create("UNIQUE INDEX")),
    ...Object.entries(table.indexes).map(create("INDEX")),
  ];
}
