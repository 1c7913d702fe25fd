import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Database, type DatabaseConfig, openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrations/migrate.ts";
import type { DatabaseKind } from "./test-server-options.ts";

/** A migrated database of one's own, removed at the end. */
export interface TestDatabase extends AsyncDisposable {
  readonly config: DatabaseConfig;
  /** The form the reference's settings take. */
  readonly connectionUrl: string;
}

/**
 * Makes a migrated, empty database: on SQLite a copy of a template file, on PostgreSQL a clone of a template database.
 * @param postgresUrl a server's maintenance database, whose account may create databases; needed for `postgresql`
 */
export function createTestDatabase(kind: DatabaseKind, postgresUrl?: string): Promise<TestDatabase> {
  if (kind === "sqlite") return createSqlite();
  if (postgresUrl === undefined) throw new Error("A PostgreSQL test database needs the URL of a server.");
  return createPostgres(postgresUrl);
}

/** The same, opened. */
export async function openTestDatabase(kind: DatabaseKind, postgresUrl?: string): Promise<Database> {
  const made = await createTestDatabase(kind, postgresUrl);
  const database = openDatabase(made.config);
  const close = async () => {
    await database.close();
    await made[Symbol.asyncDispose]();
  };
  return { ...database, close, [Symbol.asyncDispose]: close };
}

const templates = new Map<string, Promise<string>>();

/** Makes the template of a kind of database once per process. */
function template(key: string, make: () => Promise<string>): Promise<string> {
  const known = templates.get(key);
  if (known) return known;
  const made = make();
  templates.set(key, made);
  return made;
}

async function createSqlite(): Promise<TestDatabase> {
  const source = await template("sqlite", async () => {
    const folder = mkdtempSync(join(tmpdir(), "prefect-template-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return migrated({ kind: "sqlite", path: join(folder, "prefect.db") }, join(folder, "prefect.db"));
  });
  const folder = mkdtempSync(join(tmpdir(), "prefect-test-"));
  const path = join(folder, "prefect.db");
  copyFileSync(source, path);
  return {
    config: { kind: "sqlite", path },
    connectionUrl: `sqlite+aiosqlite:///${path}`,
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function createPostgres(url: string): Promise<TestDatabase> {
  const source = await template(url, async () => {
    const name = `prefect_template_${process.pid}_${randomUUID().slice(0, 8)}`;
    await administer(url, `CREATE DATABASE ${name}`);
    return migrated({ kind: "postgres", url: withDatabase(url, name) }, name);
  });
  const name = `prefect_test_${randomUUID().replaceAll("-", "")}`;
  await administer(url, `CREATE DATABASE ${name} TEMPLATE ${source}`);
  const own = withDatabase(url, name);
  return {
    config: { kind: "postgres", url: own, maxConnections: 10 },
    connectionUrl: own.replace(/^postgres(ql)?:/, "postgresql+asyncpg:"),
    [Symbol.asyncDispose]: () => administer(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function migrated(config: DatabaseConfig, result: string): Promise<string> {
  const database = openDatabase(config);
  await migrate(database);
  await database.close();
  return result;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
