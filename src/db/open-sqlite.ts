import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Kysely } from "kysely";
import type { Database, SqliteConfig } from "./database.ts";
import { kyselySqlite, openSqliteConnection, sqliteDialect } from "./dialects/sqlite.ts";
import type { Tables } from "./tables.ts";
import { WriteQueue } from "./write-queue.ts";

/** One writing connection behind a queue, one reading connection that sees the last commit. */
export function openSqlite(config: SqliteConfig): Database {
  const { path, remove } = placeFor(config.path);
  const writer = openSqliteConnection(path, config);
  const reader = openSqliteConnection(path, { ...config, readOnly: true });
  const queue = new WriteQueue(writer);
  const write = new Kysely<Tables>({ dialect: kyselySqlite(writer) });
  let closing: Promise<void> | undefined;

  const close = async () => {
    await queue.idle();
    reader.close();
    writer.exec("PRAGMA optimize");
    writer.close();
    remove();
  };
  return {
    dialect: sqliteDialect,
    read: new Kysely<Tables>({ dialect: kyselySqlite(reader) }),
    write: (unit) => queue.add(() => unit(write)),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

/** Two connections cannot share a private memory database, so `:memory:` is a temporary file removed at the end. */
function placeFor(path: string): { readonly path: string; readonly remove: () => void } {
  if (path !== ":memory:") {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return { path, remove: () => undefined };
  }
  const folder = mkdtempSync(join(tmpdir(), "prefect-memory-"));
  return { path: join(folder, "prefect.db"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
