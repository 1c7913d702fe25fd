import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Kysely } from "kysely";
import type { Database, SqliteConfig } from "./database.ts";
import { kyselySqlite, openSqliteConnection, type SqliteConnection, sqliteDialect } from "./dialects/sqlite.ts";
import { DatabaseNotOpened } from "./errors.ts";
import { noNotices } from "./notices.ts";
import type { Tables } from "./tables.ts";
import { WriteQueue } from "./write-queue.ts";

/** Whoever waits longer is better told to come back. */
const MAX_LOCK_TIMEOUT_MS = 10_000;

/** One writing connection behind a queue, one reading connection that sees the last commit. */
export function openSqlite(config: SqliteConfig): Database {
  const { writer, reader, remove } = connect(config);
  // From here on the queue waits for locks, and the process does not.
  writer.exec("PRAGMA busy_timeout = 0");
  const queue = new WriteQueue(writer, Math.min(config.busyTimeoutMs ?? MAX_LOCK_TIMEOUT_MS, MAX_LOCK_TIMEOUT_MS));
  const write = new Kysely<Tables>({ dialect: kyselySqlite(writer) });
  let closing: Promise<void> | undefined;

  const close = async () => {
    await queue.idle();
    reader.close();
    optimize(writer);
    writer.close();
    remove();
  };
  return {
    dialect: sqliteDialect,
    read: new Kysely<Tables>({ dialect: kyselySqlite(reader) }),
    write: (unit) => queue.add(() => unit(write)),
    notices: noNotices,
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

function connect(config: SqliteConfig) {
  try {
    const { path, remove } = placeFor(config.path);
    const writer = openSqliteConnection(path, config);
    return { writer, reader: openSqliteConnection(path, { ...config, readOnly: true }), remove };
  } catch (error) {
    throw DatabaseNotOpened(config.path, error);
  }
}

/** Refreshes the planner's numbers; where another process writes, or the disk is full, the next one to close does it. */
function optimize(writer: SqliteConnection): void {
  try {
    writer.exec("PRAGMA optimize");
  } catch {
    // Nothing is lost.
  }
}

/** Two connections cannot share a private memory database, so `:memory:` is a temporary file removed at the end. */
function placeFor(path: string): { readonly path: string; readonly remove: () => void } {
  if (path !== ":memory:") {
    makeFolder(dirname(path));
    return { path, remove: () => undefined };
  }
  const folder = mkdtempSync(join(tmpdir(), "prefect-memory-"));
  return { path: join(folder, "prefect.db"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Folder by folder: where none can be made (below /proc), Node's own recursive form never gives up. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
