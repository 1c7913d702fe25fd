import type { Settings } from "./catalogue.ts";
import { DatabasePartsMissing, DatabasePasswordMissing } from "./errors.ts";

const PASSWORD_REFERENCE = /\$\{PREFECT_(?:API|SERVER)_DATABASE_PASSWORD\}/g;

/**
 * The database URL: the one given, with the password put in where it refers to it; else made from its parts; else
 * SQLite in the home directory. Throws DatabasePartsMissing, DatabasePasswordMissing.
 */
export function databaseUrl(settings: Settings): string {
  const { connection_url, password } = settings.server.database;
  const url = connection_url?.reveal() ?? urlFromParts(settings);
  if (!/PREFECT_(API|SERVER)_DATABASE_PASSWORD/.test(url)) return url;
  if (password === null) throw DatabasePasswordMissing();
  return url.replace(PASSWORD_REFERENCE, () => password.reveal());
}

function urlFromParts({ home, server: { database } }: Settings): string {
  const { driver, host, name, port, user, password } = database;
  if (driver !== "postgresql+asyncpg") return `sqlite+aiosqlite:///${(driver && name) || `${home}/prefect.db`}`;
  const missing = Object.entries({ HOST: host, USER: user, NAME: name }).filter(([, value]) => value === null);
  if (missing.length > 0) throw DatabasePartsMissing(missing.map(([part]) => `PREFECT_SERVER_DATABASE_${part}`));
  const secret = password === null ? "" : `:${encodeURIComponent(password.reveal())}`;
  return `${driver}://${encodeURIComponent(user ?? "")}${secret}@${host}:${port ?? 5432}/${name}`;
}
