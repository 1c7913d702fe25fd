import { parseDatabaseUrl, type Settings } from "../settings/index.ts";

/** The database URL without its password. */
export function databaseLabel(settings: Settings): string {
  const parts = parseDatabaseUrl(settings.server.database.connection_url?.reveal() ?? "");
  if (parts === undefined) return "not a database URL";
  const { kind, driver, user, password, place, database, options } = parts;
  if (options.has("password")) options.set("password", "***");
  const scheme = driver === undefined ? kind : `${kind}+${driver}`;
  const credentials = user === undefined ? "" : `${user}${password === undefined ? "" : ":***"}@`;
  const query = options.size > 0 ? `?${decodeURIComponent(options.toString())}` : "";
  return `${scheme}://${credentials}${place}${database === undefined ? "" : `/${database}`}${query}`;
}
