import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import type { Database } from "../../database.ts";
import { listIndexes } from "../../dialects/catalog.ts";
import { changeSchema } from "../change-schema.ts";
import { createIndexSql, type IndexDefinition, parseIndex } from "../index-definition.ts";
import type { Stage, Step } from "../step.ts";

/** Builds an index, on PostgreSQL while others write; what an earlier attempt has left unfinished is built anew. */
export function createIndex(line: string, only?: "sqlite" | "postgres"): Step {
  const index = parseIndex(line);
  return {
    title: `Build index ${index.name}`,
    table: index.table,
    ...(only ? { only } : {}),
    run: (stage) => buildIndex(stage, index),
  };
}

/** Drops an index, on PostgreSQL while others use its table. */
export function dropIndex(name: string, only?: "sqlite" | "postgres"): Step {
  return {
    title: `Drop index ${name}`,
    ...(only ? { only } : {}),
    run: ({ database }) => removeIndex(database, name),
  };
}

export async function removeIndex(database: Database, name: string): Promise<void> {
  if (database.dialect.rowLocks) {
    await sql`drop index concurrently if exists ${sql.id(name)}`.execute(database.read);
    return;
  }
  await changeSchema(database, (tx) => sql`drop index if exists ${sql.id(name)}`.execute(tx));
}

/** Builds `index` unless a whole one of its name is there. */
export async function buildIndex(stage: Stage, index: IndexDefinition, name = index.name): Promise<void> {
  const { database } = stage;
  const found = (await listIndexes(database.read)).find((known) => known.name === name);
  if (found?.isValid) return;
  if (!database.dialect.rowLocks) return buildAtOnce(database, index);
  if (found) await removeIndex(database, name);
  await reporting(stage, index.table, async () => {
    await sql.raw(createIndexSql(index, { isConcurrent: true, name })).execute(database.read);
  });
}

/** Sorting goes to disk, not to memory: the table may be larger than that. */
async function buildAtOnce(database: Database, index: IndexDefinition): Promise<void> {
  await changeSchema(database, async (tx) => {
    const isThere = (await listIndexes(tx)).some(({ name }) => name === index.name);
    if (isThere) return;
    await sql`pragma temp_store = file`.execute(tx);
    await sql.raw(createIndexSql(index)).execute(tx);
    await sql`pragma temp_store = memory`.execute(tx);
  });
}

const POLL_MS = 1000;

/** Tells how far PostgreSQL is with an index of `table` while `build` runs. */
async function reporting(stage: Stage, table: string, build: () => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const polling = poll(stage, table, ended.signal);
  try {
    await build();
  } finally {
    ended.abort();
    await polling;
  }
}

async function poll({ database, report }: Stage, table: string, ended: AbortSignal): Promise<void> {
  const progress = sql<{ done: number; total: number }>`
    select greatest(blocks_done, tuples_done) as done, greatest(blocks_total, tuples_total) as total
    from pg_stat_progress_create_index where relid = to_regclass(${table})`;
  while (!ended.aborted) {
    await delay(POLL_MS, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return;
    // Whoever builds the index learns of a lost connection; this one only watches.
    const { rows } = await progress.execute(database.read).catch(() => ({ rows: [] }));
    if (rows[0] && rows[0].total > 0) report(rows[0].done, rows[0].total);
  }
}
