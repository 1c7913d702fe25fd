import type { Kysely } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";

/**
 * What differs between the two databases, asked as capabilities and value conversions.
 * Nobody outside `src/db` asks which database it is.
 */
export interface Dialect {
  readonly name: "sqlite" | "postgres";
  /** `SELECT ... FOR UPDATE [SKIP LOCKED]` exists. Where it does not, writers are serialised and need no locks. */
  readonly rowLocks: boolean;
  /** Rows that refer to each other may be inserted by one statement. */
  readonly circularInserts: boolean;
  /** The parameter to store in, or compare with, a timestamp column. */
  timestamp(value: Timestamp): string;
  /** The parameter to store in an interval column. */
  interval(seconds: number): string;
}

/** A compiled statement with its values. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** The name under which the server keeps the plan; unique in the program. */
  readonly name: string | undefined;
  /** It reads and locks nothing, so it needs no transaction around it. */
  readonly isPlainRead?: boolean;
}

/** What our Kysely adapters carry besides Kysely's own. */
interface OurAdapter {
  readonly dialect: Dialect;
  /** Runs a statement at once, where the driver can: spares the layers of promises between. */
  readonly runNow?: (sql: string, parameters: readonly unknown[]) => readonly unknown[];
  /** Leaves a statement whose result nobody needs for the end of the transaction, where round trips cost. */
  readonly runLater?: ((statement: Statement) => void) | undefined;
  /** Changes the text that declares a table, where the driver can: for what rows do not depend on. */
  readonly rewriteTable?: (table: string, change: (declaration: string) => string) => void;
}

// biome-ignore lint/suspicious/noExplicitAny: any database's adapter can be asked, whatever its tables are
export function adapterOf(db: Kysely<any>): OurAdapter {
  return db.getExecutor().adapter as unknown as OurAdapter;
}

/** The dialect behind a connection or transaction. */
// biome-ignore lint/suspicious/noExplicitAny: any database's dialect can be asked, whatever its tables are
export function dialectOf(db: Kysely<any>): Dialect {
  return adapterOf(db).dialect;
}
