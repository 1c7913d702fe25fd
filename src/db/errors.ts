import { defineError } from "../kit/errors.ts";

/** A client that retries will succeed: every 503 says when. */
const retry = { retryAfterSeconds: 1 };

export const DatabaseBusy = defineError("DATABASE_BUSY", 503, (cause: unknown) => ({
  message: "Another process has held the database's write lock for 10 s. Retry; if it persists, find that process.",
  cause,
  details: retry,
}));

export const DatabaseUnavailable = defineError("DATABASE_UNAVAILABLE", 503, (cause: unknown) => ({
  message: `The database could not commit: ${cause instanceof Error ? cause.message : String(cause)}. Nothing was written.`,
  cause,
  details: retry,
}));

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

export const OutdatedDatabase = defineError(
  "DATABASE_OUTDATED",
  500,
  (revision: string) =>
    `The database is at Alembic revision ${revision}, older than Prefect 3.9.1's. It was not touched. ` +
    "Upgrade it once with Python's Prefect 3.9.1 (`prefect server database upgrade -y` with the same " +
    "PREFECT_API_DATABASE_CONNECTION_URL), then start again.",
);

export const UnknownRevision = defineError(
  "DATABASE_REVISION_UNKNOWN",
  500,
  (revision: string) =>
    `The database is at Alembic revision ${revision}, which Prefect 3.9.1 does not have: a newer Prefect or another ` +
    "program made it. It was not touched. Use that program's version, or point to another database.",
);

export const ForeignDatabase = defineError(
  "DATABASE_FOREIGN",
  500,
  () =>
    "The database has a table flow_run but no Alembic revision, so it is not known what made it. It was not touched. " +
    "Point to an empty database, or restore its alembic_version table.",
);
