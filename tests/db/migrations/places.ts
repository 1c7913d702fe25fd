import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { type Database, openDatabase } from "../../../src/db/database.ts";
import { temporaryFolder } from "../../support/disposable.ts";
import { onPostgres, postgresUrl, withDatabase } from "../../support/postgres.ts";
import type { DatabaseKind } from "../../support/reference.ts";

/** A database of a test's own, in our spelling and in the reference's. */
export interface Place extends AsyncDisposable {
  /** A path (SQLite) or a URL (PostgreSQL). */
  readonly where: string;
  readonly referenceUrl: string;
}

let made = 0;

/** An empty one, or a copy of `source`, which nobody may have open. */
export async function makePlace(kind: DatabaseKind, source?: string): Promise<Place> {
  if (kind === "sqlite") {
    const folder = await temporaryFolder();
    const where = join(folder.path, "prefect.db");
    if (source !== undefined) await copyFile(source, where);
    return {
      where,
      referenceUrl: `sqlite+aiosqlite:///${where}`,
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  }
  const server = postgresUrl() ?? "";
  const name = `migrate_${process.pid}_${made++}`;
  const template = source === undefined ? "" : ` template ${new URL(source).pathname.slice(1)}`;
  await onPostgres(server, (client) => client.query(`create database ${name}${template}`));
  const where = withDatabase(server, name);
  return {
    where,
    referenceUrl: where.replace("postgresql:", "postgresql+asyncpg:"),
    [Symbol.asyncDispose]: () =>
      onPostgres(server, async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

export function openPlace(where: string): Database {
  return openDatabase(
    where.startsWith("postgresql:") ? { kind: "postgres", url: where } : { kind: "sqlite", path: where },
  );
}
