import { DatabaseSync, type StatementSync } from "node:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type Dialect as KyselyDialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { fromDatabaseTimestamp, secondsBetween, timestampFromMs, toSqliteTimestamp } from "../../kit/timestamp.ts";
import type { Dialect } from "./dialect.ts";

const EPOCH = "1970-01-01T00:00:00Z";
const CACHED_STATEMENTS = 500;

export const sqliteDialect: Dialect = {
  name: "sqlite",
  rowLocks: false,
  circularInserts: false,
  timestamp: toSqliteTimestamp,
  interval: (seconds) => toSqliteTimestamp(timestampFromMs(seconds * 1000)),
};

/** Filled only by databases that are as large; counting what a page of the UI asks for goes through more than a writer. */
const READER_CACHE_KIB = 64_000;
const WRITER_CACHE_KIB = 32_000;
/** Of 4 KiB. A checkpoint makes everyone wait; pages that many transactions change are written back once for all of them. */
const WAL_PAGES = 16_000;

/** Opens one connection with the pragmas every connection of ours has. Errors of SQLite itself are thrown as they are. */
export function openSqliteConnection(
  path: string,
  options: { readonly readOnly?: boolean; readonly busyTimeoutMs?: number } = {},
): SqliteConnection {
  const { readOnly = false, busyTimeoutMs = 5000 } = options;
  const database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  const cacheKib = readOnly ? READER_CACHE_KIB : WRITER_CACHE_KIB;
  database.exec(`PRAGMA foreign_keys = ON; PRAGMA cache_size = -${cacheKib}; PRAGMA temp_store = MEMORY`);
  if (!readOnly)
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${WAL_PAGES}`);
  return new SqliteConnection(database);
}

type Convert = (value: never) => unknown;
interface Prepared {
  readonly statement: StatementSync;
  /** It gives rows. */
  readonly isReader: boolean;
  /** It may change something. */
  readonly isWriter: boolean;
  readonly conversions: readonly (readonly [column: string, convert: Convert])[];
}

/** The column's own default is the number 0. */
const readInterval = (value: string | number) =>
  typeof value === "number" ? value : secondsBetween(EPOCH, fromDatabaseTimestamp(value));

/** Columns are converted by their declared type: the reference declares intervals DATETIME too, kept apart by name. */
function conversionFor(column: Column): Convert | undefined {
  if (column.type === "DATETIME" || column.type === "TIMESTAMP") {
    return column.name === "total_run_time" || column.name.endsWith("_interval") ? readInterval : fromDatabaseTimestamp;
  }
  return column.type === "BOOLEAN" ? Boolean : undefined;
}

interface Column {
  readonly name: string;
  readonly column: string | null;
  readonly table: string | null;
  readonly type: string | null;
}

/**
 * Columns whose JSON may be a bare number: SQLite makes an integer or a float of it, whatever it was given, and the
 * integer may be more than a JavaScript number holds.
 */
const BARE_NUMBERS: ReadonlySet<string> = new Set(["variable.value", "artifact.data", "artifact_collection.data"]);

const holdsBareNumbers = ({ table, column }: Column) => BARE_NUMBERS.has(`${table}.${column}`);

const asNumber = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);
const asJsonText = (value: unknown) => (typeof value === "bigint" ? String(value) : value);

/** For statements that read every integer as a bigint. */
function conversionFromBigInt(column: Column): Convert {
  if (holdsBareNumbers(column)) return asJsonText;
  const convert = conversionFor(column);
  return convert === undefined ? asNumber : (value: unknown) => convert(asNumber(value) as never);
}

/** One SQLite connection: a cache of prepared statements, and values in the forms `Tables` declares. */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  #writes = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Statements run so far that may have changed something. */
  get writes(): number {
    return this.#writes;
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Runs statements without parameters: pragmas, scripts. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs one statement. `sql` is prepared once and kept. */
  query(sql: string, parameters: readonly unknown[]): QueryResult<Record<string, unknown>> {
    const { statement, isReader, isWriter, conversions } = this.#prepare(sql);
    const values = parameters.map((value) => (typeof value === "boolean" ? Number(value) : value)) as string[];
    if (isWriter) this.#writes += 1;
    if (!isReader) {
      const { changes, lastInsertRowid } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    }
    const rows = statement.all(...values) as Record<string, unknown>[];
    if (conversions.length > 0) for (const row of rows) convertRow(row, conversions);
    return { rows };
  }

  /**
   * Changes the text that declares a table, and nothing else: for constraints and defaults, which rows do not depend on.
   * Within a transaction; SQLite's own way is to copy the table.
   */
  rewriteTable(table: string, change: (declaration: string) => string): void {
    const declaration = this.query("select sql from sqlite_schema where type = 'table' and name = ?", [table]).rows[0]
      ?.sql as string;
    const changed = change(declaration);
    if (changed === declaration) return;
    const version = this.query("PRAGMA schema_version", []).rows[0]?.schema_version as number;
    this.#database.enableDefensive(false);
    try {
      this.exec("PRAGMA writable_schema = ON");
      this.query("update sqlite_schema set sql = ? where type = 'table' and name = ?", [changed, table]);
      // Tells other connections to read the schema again; the reset tells this one.
      this.exec(`PRAGMA schema_version = ${version + 1}; PRAGMA writable_schema = RESET`);
    } finally {
      this.#database.enableDefensive(true);
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.query(query.sql, query.parameters) as QueryResult<R>;
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    const { statement, conversions } = this.#prepare(query.sql);
    for (const row of statement.iterate(...(query.parameters as string[]))) {
      convertRow(row as Record<string, unknown>, conversions);
      yield { rows: [row as R] };
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    const columns = statement.columns();
    const isExact = columns.some(holdsBareNumbers);
    if (isExact) statement.setReadBigInts(true);
    const conversions = columns.flatMap((column) => {
      const convert = isExact ? conversionFromBigInt(column) : conversionFor(column);
      return convert ? [[column.name, convert] as const] : [];
    });
    const isWriter = !/^\s*select\b/i.test(sql);
    const prepared = { statement, isReader: columns.length > 0, isWriter, conversions };
    if (this.#prepared.size >= CACHED_STATEMENTS) {
      const oldest = this.#prepared.keys().next().value;
      if (oldest !== undefined) this.#prepared.delete(oldest);
    }
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

function convertRow(row: Record<string, unknown>, conversions: Prepared["conversions"]): void {
  for (const [column, convert] of conversions) {
    const value = row[column];
    if (value !== null && value !== undefined) row[column] = convert(value as never);
  }
}

class Adapter extends SqliteAdapter {
  readonly dialect = sqliteDialect;
  readonly runNow: (sql: string, parameters: readonly unknown[]) => readonly unknown[];
  readonly rewriteTable: (table: string, change: (declaration: string) => string) => void;

  constructor(connection: SqliteConnection) {
    super();
    this.rewriteTable = (table, change) => connection.rewriteTable(table, change);
    this.runNow = (sql, parameters) => connection.query(sql, parameters).rows;
  }
}

/** A Kysely dialect bound to one connection; transactions are the write queue's business, not Kysely's. */
export function kyselySqlite(connection: SqliteConnection): KyselyDialect {
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: () => refuseTransaction(),
    commitTransaction: () => refuseTransaction(),
    rollbackTransaction: () => refuseTransaction(),
    destroy: async () => connection.close(),
  };
  return {
    createAdapter: () => new Adapter(connection),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function refuseTransaction(): Promise<never> {
  return Promise.reject(new Error("Transactions are opened by database.write()."));
}
