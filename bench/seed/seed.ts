import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { DatabaseConfig } from "../../src/db/database.ts";
import { postgresSeed, type SeedDialect, sqliteSeed } from "./dialect.ts";
import { type SeedSizes, type SeedTable, seedTables } from "./tables.ts";

/** Rows of one statement, so that progress can be seen. */
const CHUNK = 500_000;

/** `sqlite:///path` or `postgresql://user@host/database`. */
export function databaseAt(url: string): DatabaseConfig {
  return url.startsWith("sqlite:///")
    ? { kind: "sqlite", path: url.slice("sqlite://".length) }
    : { kind: "postgres", url };
}

interface Target {
  readonly sql: SeedDialect;
  run(statement: string): Promise<void>;
  /** Definitions of all indexes that may be dropped and made again. */
  indexes(): Promise<readonly { readonly name: string; readonly definition: string }[]>;
  /** Before all and after all: what makes bulk loading fast, and what the planner needs. */
  begin(): Promise<void>;
  end(): Promise<void>;
}

/**
 * Fills a migrated, empty database. Statements that the database makes rows by itself with: a million rows take seconds.
 * @param say is told what has been done
 */
export async function seedDatabase(
  config: DatabaseConfig,
  sizes: SeedSizes,
  say: (what: string) => void = () => undefined,
): Promise<void> {
  await using target = config.kind === "sqlite" ? openSqliteTarget(config.path) : await openPostgresTarget(config.url);
  await target.begin();
  const indexes = await target.indexes();
  for (const { name } of indexes) await target.run(`drop index "${name}"`);
  for (const table of seedTables(target.sql, sizes)) await fill(target, table, say);
  for (const { name, definition } of indexes) {
    await target.run(definition);
    say(`index ${name}`);
  }
  await target.end();
}

async function fill(target: Target, { table, rows, columns }: SeedTable, say: (what: string) => void): Promise<void> {
  const names = Object.keys(columns).map((name) => `"${name}"`);
  for (let first = 0; first < rows; first += CHUNK) {
    const end = Math.min(rows, first + CHUNK);
    const select = target.sql.select(Object.values(columns), first, end);
    await target.run(`insert into "${table}" (${names.join(", ")}) ${select}`);
    say(`${table}: ${end} of ${rows}`);
  }
}

function openSqliteTarget(path: string): Target & AsyncDisposable {
  const database = new DatabaseSync(path);
  const run = async (statement: string) => database.exec(statement);
  return {
    sql: sqliteSeed,
    run,
    async indexes() {
      const rows = database
        .prepare(
          "select name, sql as definition from sqlite_schema where type = 'index' and sql not like 'CREATE UNIQUE%'",
        )
        .all();
      return rows as unknown as { name: string; definition: string }[];
    },
    begin: () =>
      run(`pragma foreign_keys = off; pragma synchronous = off; pragma cache_size = -400000;
        pragma temp_store = memory; pragma journal_mode = off`),
    end: () => run("analyze; pragma journal_mode = wal"),
    [Symbol.asyncDispose]: async () => database.close(),
  };
}

async function openPostgresTarget(url: string): Promise<Target & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const run = async (statement: string) => void (await client.query(statement));
  return {
    sql: postgresSeed,
    run,
    async indexes() {
      const { rows } = await client.query<{ name: string; definition: string }>(
        `select indexname as name, indexdef as definition from pg_indexes
         where schemaname = current_schema() and indexdef not like 'CREATE UNIQUE%'`,
      );
      return rows;
    },
    // As a replica would: foreign keys are not looked at.
    begin: () => run("set session_replication_role = replica; set maintenance_work_mem = '512MB'"),
    end: () => run("vacuum analyze"),
    [Symbol.asyncDispose]: () => client.end(),
  };
}
