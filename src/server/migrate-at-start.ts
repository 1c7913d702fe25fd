import { type Database, openDatabase } from "../db/database.ts";
import type { OnProgress } from "../db/migrations/follow-chain.ts";
import { isCurrent, migrate } from "../db/migrations/migrate.ts";
import type { Logger } from "../kit/logger.ts";
import { migrationConfig, type Settings } from "../settings/index.ts";

/**
 * Brings the database to the newest revision, unless the settings forbid it: then a warning says what is missing. On
 * PostgreSQL connections of its own do it, whose statements may take as long as the settings let migrations take.
 */
export async function migrateAtStart(
  database: Database,
  { settings, log, cwd }: { readonly settings: Settings; readonly log: Logger; readonly cwd: string },
): Promise<void> {
  if (await isCurrent(database)) return;
  if (!settings.server.database.migrate_on_start) {
    log.warn(
      {},
      "The database is not at the newest revision: run `prefect server database upgrade` before anything else.",
    );
    return;
  }
  const onProgress = progressLog(log);
  if (!database.dialect.rowLocks) {
    await migrate(database, { onProgress });
    return;
  }
  await using connections = openDatabase(migrationConfig(settings, cwd));
  await migrate(connections, { onProgress });
}

function progressLog(log: Logger): OnProgress {
  return ({ revision, step, done, total }) => {
    if (done === undefined) log.info({ revision }, `Upgrading the database: ${step}`);
    else log.info({ revision, done, total }, `Upgrading the database: ${step}, ${done} of ${total ?? "unknown"}`);
  };
}
