import { defineError } from "../../kit/errors.ts";

export const OutdatedDatabase = defineError(
  "DATABASE_OUTDATED",
  500,
  (revision: string) =>
    `The database is at Alembic revision ${revision}, older than Prefect 3.1.7's. It was not touched. Upgrade it once ` +
    "with Python's Prefect 3.1.7 or later (`prefect server database upgrade -y` with the same " +
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

export const RevisionNotFound = defineError(
  "DATABASE_REVISION_NOT_FOUND",
  500,
  (wanted: string) =>
    `No revision '${wanted}' between Prefect 3.1.7's and 3.9.1's. Name one by its id, its first characters, 'head', or ` +
    "as a number of steps (-1, +1): `prefect server database revision` lists them.",
);

export const DatabaseNotCurrent = defineError(
  "DATABASE_NOT_CURRENT",
  500,
  (revision: string | undefined) =>
    `The database is at ${revision === undefined ? "no Alembic revision" : `Alembic revision ${revision}`}, not at Prefect ` +
    "3.9.1's. Run `prefect server database upgrade` first.",
);

export const TrigramsUnavailable = defineError("DATABASE_TRIGRAMS_UNAVAILABLE", 500, (cause: unknown) => ({
  message:
    "The reference's indexes need the extension pg_trgm, which this account may not create. Let an administrator run " +
    "`CREATE EXTENSION pg_trgm` in this database, then try again.",
  cause,
}));
