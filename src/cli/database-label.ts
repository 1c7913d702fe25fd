import type { Settings } from "../settings/index.ts";

/** The database URL without its password. */
export function databaseLabel(settings: Settings): string {
  const url = settings.server.database.connection_url?.reveal() ?? "";
  return url.replace(/^([^:]+:\/\/[^:/@]*):[^@]*@/, "$1:***@");
}
