import { isAbsolute, resolve } from "node:path";
import type { Settings } from "./catalogue.ts";
import { DatabaseUrlInvalid } from "./errors.ts";
import type { DatabaseUrlParts } from "./parse-database-url.ts";

/** A SQLite database: a file, or `:memory:`. */
export interface SqliteConfig {
  readonly kind: "sqlite";
  /** An absolute path, or `:memory:`. */
  readonly path: string;
  /** How long a statement waits for a lock. */
  readonly busyTimeoutMs: number;
}

const FORMS =
  "Use sqlite+aiosqlite:///relative/path, sqlite+aiosqlite:////absolute/path or sqlite+aiosqlite:///:memory:.";

/** `cwd` resolves a relative path. @throws DatabaseUrlInvalid */
export function sqliteConfig(parts: DatabaseUrlParts, settings: Settings, cwd: string): SqliteConfig {
  if (parts.place !== "" || parts.user !== undefined) {
    throw DatabaseUrlInvalid(
      `A SQLite URL has three slashes before a relative path and four before an absolute one. ${FORMS}`,
    );
  }
  const file = fileOf(parts);
  const path = file === ":memory:" || isAbsolute(file) ? file : resolve(cwd, file);
  return { kind: "sqlite", path, busyTimeoutMs: Math.round((settings.server.database.timeout ?? 60) * 1000) };
}

function fileOf({ database = "", options }: DatabaseUrlParts): string {
  if (database.includes("\0")) throw DatabaseUrlInvalid(`The path of the database has a NUL in it. ${FORMS}`);
  const isMemory = database === "" || database.includes(":memory:") || options.get("mode") === "memory";
  if (isMemory) return ":memory:";
  if (options.get("mode") === "ro" || options.get("immutable") === "1") {
    throw DatabaseUrlInvalid(
      "The URL opens the database for reading only, but a server writes to it. Leave that option out.",
    );
  }
  const isUri = ["true", "1", "yes", "on", "y", "t"].includes(options.get("uri")?.toLowerCase() ?? "");
  return isUri ? database.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/, "") : database;
}
