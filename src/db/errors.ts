import { defineError, type PrefectError } from "../kit/errors.ts";

/** A client that retries will succeed: every 503 says when. */
const retry = { retryAfterSeconds: 1 };

export const DatabaseBusy = defineError("DATABASE_BUSY", 503, (cause: unknown) => ({
  message: "Another process holds the database's write lock. Retry; if it persists, find that process.",
  cause,
  details: retry,
}));

/** Of several causes each is told once. */
export const DatabaseUnavailable = defineError("DATABASE_UNAVAILABLE", 503, (...causes: readonly unknown[]) => ({
  message: `The database cannot be used: ${[...new Set(causes.map(textOf))].join("; ")}. Retry; if it persists, see to the database.`,
  cause: causes.at(-1),
  details: retry,
}));

export const DatabaseNotOpened = defineError("DATABASE_NOT_OPENED", 503, (path: string, cause: unknown) => ({
  message:
    `The database ${path} cannot be opened: ${textOf(cause)}. Mend that, or point to another place with PREFECT_HOME ` +
    "or PREFECT_SERVER_DATABASE_CONNECTION_URL.",
  cause,
}));

export const DatabaseFileUnreadable = defineError("DATABASE_FILE_UNREADABLE", 503, (path: string, cause: unknown) => ({
  message:
    `The file ${path} of the database's TLS settings cannot be read: ${textOf(cause)}. See to the file, or to ` +
    "PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_* and the ssl options of the database URL.",
  cause,
}));

/** Several addresses that all refuse make an error with a code and no message. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return error.message || (typeof code === "string" ? code : error.name);
}

/** SQLite's result codes (the low byte of the extended ones) for which it is worth trying again later. */
const SQLITE_BUSY = [5, 6];
/** Out of memory, read-only, I/O error, corrupt, full, cannot open, not a database. */
const SQLITE_UNAVAILABLE = [7, 8, 10, 11, 13, 14, 26];

/** SQLSTATE: connection, resources, operator (shutdown, statement timeout), system, conflict, lock, read-only standby. */
const POSTGRES_UNAVAILABLE = /^(?:08|53|57|58|40)...$|^55P03$|^25006$/;
const NETWORK_UNAVAILABLE = /^E(?:CONN|PIPE|TIMEDOUT|NOTFOUND|HOST|NET|AI_AGAIN)/;
/** What the PostgreSQL client says without a code. */
const CLIENT_UNAVAILABLE =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when|Cannot use a pool after|Query read timeout)|database is not open/;

/** The 503 behind a driver's error: the database is busy or away. Undefined for errors of another kind. */
export function databaseFailure(error: unknown): PrefectError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, code } = error as { errcode?: number; code?: unknown };
  if (typeof errcode === "number") return sqliteFailure(errcode & 0xff, error);
  if (CLIENT_UNAVAILABLE.test(error.message)) return DatabaseUnavailable(error);
  if (typeof code !== "string") return undefined;
  const isUnavailable = POSTGRES_UNAVAILABLE.test(code) || NETWORK_UNAVAILABLE.test(code);
  return isUnavailable ? DatabaseUnavailable(error) : undefined;
}

function sqliteFailure(code: number, error: Error): PrefectError | undefined {
  if (SQLITE_BUSY.includes(code)) return DatabaseBusy(error);
  return SQLITE_UNAVAILABLE.includes(code) ? DatabaseUnavailable(error) : undefined;
}

/** The low byte of SQLite's extended result codes for constraints is 19. */
const SQLITE_CONSTRAINT = 19;
/** SQLSTATE class 23: unique, foreign key, not null, check. */
const POSTGRES_INTEGRITY = /^23[0-9A-Z]{3}$/;

/** True for a unique, foreign key or similar violation reported by either database. */
export function isIntegrityViolation(error: unknown): boolean {
  const { errcode, code } = (error ?? {}) as { errcode?: number; code?: unknown };
  if (typeof errcode === "number") return (errcode & 0xff) === SQLITE_CONSTRAINT;
  return typeof code === "string" && POSTGRES_INTEGRITY.test(code);
}

/** SQLSTATE classes 22 (text with NUL, number out of range, ...) and 54 (too long for an index). */
const POSTGRES_UNSTORABLE = /^(?:22|54)[0-9A-Z]{3}$/;
const SQLITE_TOOBIG = 18;

/** True when the database refuses a value itself, whatever rows there are. */
export function isUnstorableValue(error: unknown): boolean {
  const { errcode, code } = (error ?? {}) as { errcode?: number; code?: unknown };
  if (typeof errcode === "number") return (errcode & 0xff) === SQLITE_TOOBIG;
  return typeof code === "string" && POSTGRES_UNSTORABLE.test(code);
}
