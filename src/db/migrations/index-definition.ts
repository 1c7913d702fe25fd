/** An index as data, in SQL that goes into `CREATE INDEX`. */
export interface IndexDefinition {
  readonly table: string;
  readonly name: string;
  /** Columns or expressions. */
  readonly key: string;
  readonly isUnique?: boolean;
  /** PostgreSQL's access method, where it is not a B-tree. */
  readonly using?: string | undefined;
  /** Columns that PostgreSQL keeps beside the key. */
  readonly include?: string | undefined;
  readonly where?: string | undefined;
}

const LINE =
  /^(?<unique>UNIQUE )?(?<table>\w+) (?<name>\w+) \((?<key>.*?)\)(?: USING (?<using>\w+))?(?: INCLUDE \((?<include>[^)]*)\))?(?: WHERE (?<where>.*))?$/;

/** Reads `[UNIQUE ]table name (key)[ USING method][ INCLUDE (columns)][ WHERE condition]`. */
export function parseIndex(line: string): IndexDefinition {
  const { unique, table, name, key, using, include, where } = LINE.exec(line)?.groups ?? {};
  if (table === undefined || name === undefined || key === undefined) throw new RangeError(`Not an index: ${line}`);
  return { table, name, key, isUnique: unique !== undefined, using, include, where };
}

/** An index of a table definition, whose key ends with ` WHERE condition` where it is partial. */
export function indexOf(table: string, name: string, text: string): IndexDefinition {
  const [key = "", where] = text.split(" WHERE ");
  return { table, name, key, where };
}

/** The statement that makes the index, under another name where one is given. */
export function createIndexSql(
  index: IndexDefinition,
  options: { readonly isConcurrent?: boolean; readonly name?: string } = {},
): string {
  const { isConcurrent = false, name = index.name } = options;
  const kind = `${index.isUnique ? "UNIQUE " : ""}INDEX ${isConcurrent ? "CONCURRENTLY " : ""}`;
  const using = index.using === undefined ? "" : ` USING ${index.using}`;
  const include = index.include === undefined ? "" : ` INCLUDE (${index.include})`;
  const where = index.where === undefined ? "" : ` WHERE ${index.where}`;
  return `CREATE ${kind}${name} ON "${index.table}"${using} (${index.key})${include}${where}`;
}

/**
 * What makes two `CREATE INDEX` statements the same index, whoever wrote them: without its name, and without what
 * PostgreSQL adds when it prints one.
 */
export function indexFingerprint(sql: string): string {
  const isUnique = /^\s*CREATE\s+UNIQUE/i.test(sql);
  const [, using = "btree"] = /\bUSING (\w+)/i.exec(sql) ?? [];
  const rest = sql
    .replace(/^.*?\bON\s+(?:ONLY\s+)?(?:(?:\w+|"[^"]+")\.)?"?\w+"?/is, "")
    .replace(/\bUSING \w+/i, "")
    .replace(/::\w+/g, "")
    .replace(/[\s()";]/g, "")
    .toLowerCase();
  return `${isUnique ? "unique " : ""}${using} ${rest}`;
}
