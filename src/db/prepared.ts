import type { Compilable, CompiledQuery } from "kysely";
import type { Db } from "./database.ts";
import { adapterOf, type Dialect } from "./dialects/dialect.ts";

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
  readonly query: CompiledQuery;
  readonly parameters: readonly unknown[];
}

interface PrepareOptions {
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
    const entry = { query, parameters: query.parameters };
    compiled.set(dialect, entry);
    return entry;
  };

  return async (db, values) => {
    const { dialect, runNow, runLater } = adapterOf(db);
    const { query, parameters } = compiled.get(dialect) ?? compile(db, dialect);
    const bound = parameters.map((value) => (value instanceof Marker ? values[value.name as keyof P] : value));
    if (runNow) return runNow(query.sql, bound) as readonly R[];
    if (options.later && runLater) {
      runLater({ sql: query.sql, parameters: bound, name: statementName });
      return [];
    }
    const named = { ...query, parameters: bound, statementName };
    const { rows } = await db.executeQuery(named as CompiledQuery);
    return rows as R[];
  };
}
