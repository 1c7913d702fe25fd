import type { Settings } from "./catalogue.ts";
import { DatabasePartsMissing, DatabasePasswordMissing } from "./errors.ts";

const PASSWORD_REFERENCE = /\$\{PREFECT_(?:API|SERVER)_DATABASE_PASSWORD\}/g;

/**
 * The database URL: the one given, with the password put in where it refers to it; else made from its parts; else
 * SQLite in the home directory. `homeDir` is what `~` stands for. Throws DatabasePartsMissing, DatabasePasswordMissing.
 */
export function databaseUrl(settings: Settings, homeDir: string): string {
  const { connection_url, password } = settings.server.database;
  const url = (connection_url?.reveal() ?? urlFromParts(settings)).replace(
    /^(sqlite[^:]*:\/\/\/)~(?=\/)/,
    (_all, start: string) => start + escapePath(homeDir),
  );
  if (!/PREFECT_(API|SERVER)_DATABASE_PASSWORD/.test(url)) return url;
  if (password === null) throw DatabasePasswordMissing();
  return url.replace(PASSWORD_REFERENCE, () => escapeOnce(password.reveal()));
}

/** Some have escaped theirs by hand, because the reference puts it in as it is. */
function escapeOnce(password: string): string {
  return /%[0-9a-f]{2}/i.test(password) ? password : encodeURIComponent(password);
}

function urlFromParts({ home, server: { database } }: Settings): string {
  const { driver, host, name, port, user, password } = database;
  if (driver !== "postgresql+asyncpg") {
    return `sqlite+aiosqlite:///${(driver && name) || `${escapePath(home)}/prefect.db`}`;
  }
  if (host === null || user === null || name === null) {
    const missing = Object.entries({ HOST: host, USER: user, NAME: name }).filter(([, value]) => value === null);
    throw DatabasePartsMissing(missing.map(([part]) => `PREFECT_SERVER_DATABASE_${part}`));
  }
  const secret = password === null ? "" : `:${encodeURIComponent(password.reveal())}`;
  const place = host.includes(":") ? `[${host}]` : encodeURIComponent(host);
  return `${driver}://${encodeURIComponent(user)}${secret}@${place}:${port ?? 5432}/${encodeURIComponent(name)}`;
}

/** What has a meaning in a URL, but none in the name of a directory. */
function escapePath(path: string): string {
  return path.replaceAll("%", "%25").replaceAll("?", "%3F");
}
