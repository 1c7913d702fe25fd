import { type Compilable, CompiledQuery } from "kysely";
import type { Db } from "./database.ts";
import { adapterOf, type Dialect, type Statement } from "./dialects/dialect.ts";

/** Stands in a query for the value of one named parameter. */
class Marker {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type Values<P> = <K extends keyof P & string>(name: K) => P[K];

/** A query built and compiled once per dialect, then run with values only: for the hottest statements. */
export type PreparedQuery<P, R> = (db: Db, values: P) => Promise<readonly R[]>;

interface Compiled {
  readonly sql: string;
  readonly markers: readonly unknown[];
}

interface PrepareOptions {
  /** It reads and locks nothing: a unit that has only read so far need not have begun a transaction. */
  readonly isPlainRead?: boolean;
  /** Its result is not needed and nothing later in the same unit of work reads what it writes without a query of its own. */
  readonly later?: boolean;
}

/**
 * @param statementName unique in the program; the name under which PostgreSQL keeps the plan
 * @param build makes the query; `value("id")` marks where the value of that name goes
 */
export function prepare<P extends object, R = Record<string, unknown>>(
  statementName: string,
  build: (db: Db, value: Values<P>) => Compilable<R>,
  options: PrepareOptions = {},
): PreparedQuery<P, R> {
  const compiled = new Map<Dialect, Compiled>();

  const compile = (db: Db, dialect: Dialect): Compiled => {
    const query = build(db, (name) => new Marker(name) as never).compile();
    const entry = { sql: query.sql, markers: query.parameters };
    compiled.set(dialect, entry);
    return entry;
  };

  return async (db, values) => {
    const { dialect } = adapterOf(db);
    const { sql, markers } = compiled.get(dialect) ?? compile(db, dialect);
    const parameters = markers.map((value) => (value instanceof Marker ? values[value.name as keyof P] : value));
    return runPrepared<R>(db, { sql, parameters, name: statementName }, options);
  };
}

/** Runs a compiled statement whose text is one of a bounded number. */
export async function runPrepared<R>(
  db: Db,
  statement: Statement,
  options: PrepareOptions = {},
): Promise<readonly R[]> {
  const { runNow, runLater } = adapterOf(db);
  if (runNow) return runNow(statement.sql, statement.parameters) as readonly R[];
  if (options.later && runLater) {
    runLater(statement);
    return [];
  }
  const query = {
    ...CompiledQuery.raw(statement.sql, [...statement.parameters]),
    statementName: statement.name,
    isPlainRead: options.isPlainRead ?? false,
  };
  const { rows } = await db.executeQuery<R>(query);
  return rows;
}
