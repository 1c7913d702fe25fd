import { sql } from "kysely";
import type { Database, Db } from "../database.ts";
import { hasTable, lockSchema } from "../dialects/catalog.ts";
import { createSchema, HEAD } from "./0001-schema.ts";
import { resolveRevision, supportedRevisions } from "./chain.ts";
import { changeSchema } from "./change-schema.ts";
import { ForeignDatabase, OutdatedDatabase, UnknownRevision } from "./errors.ts";
import { followChain, type OnProgress, type PlannedStep, planChain } from "./follow-chain.ts";
import { createOwnTables, hasOwnTables } from "./own-tables.ts";
import { findRevision } from "./revision-table.ts";
import { REVISIONS } from "./revisions.ts";
import { areHoursWatched, watchHours } from "./watch-hours.ts";

/** What `migrate` found and did. */
export type Migration = "created" | "current" | "upgraded";

export interface MigrateOptions {
  /** How far to upgrade: a revision as `resolveRevision` reads it. @default "head" */
  readonly revision?: string;
  /** Hears of each step as it begins, and now and then of long ones. */
  readonly onProgress?: OnProgress;
}

/** Whether the database is as this release wants it, so that there is nothing to migrate. */
export async function isCurrent(database: Database): Promise<boolean> {
  const revision = await findRevision(database.read);
  if (revision !== HEAD[database.dialect.name]) return false;
  return (await hasOwnTables(database.read)) && (await areHoursWatched(database));
}

/**
 * Brings the database to the tables of 3.9.1: creates them when it is empty, upgrades those of 3.1.7 and later, leaves
 * newer ones alone. Several processes may call it at once, and one that was cut off is continued by the next.
 * Throws an error of the catalogue for any other database.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<Migration> {
  const { revision = "head", onProgress = () => undefined } = options;
  if (revision === "head" && (await isCurrent(database))) return "current";
  return oneAtATime(database, async () => {
    const outcome = await toRevision(database, { revision, onProgress });
    await watchHours(database);
    return outcome;
  });
}

async function toRevision(database: Database, { revision, onProgress }: Required<MigrateOptions>): Promise<Migration> {
  const begun = await begin(database);
  if (begun.outcome === "created") return "created";
  const to = resolveRevision(database.dialect.name, revision, begun.revision);
  if (!isAhead(database, begun.revision, to)) return "current";
  await followChain(database, to, onProgress);
  return "upgraded";
}

/** The steps `migrate` would take, none where the database is current; undefined where it would create everything. */
export async function planMigration(database: Database, wanted = "head"): Promise<readonly PlannedStep[] | undefined> {
  const revision = await findRevision(database.read);
  if (revision === undefined) {
    if (await hasTable(database.read, "flow_run")) throw ForeignDatabase();
    return undefined;
  }
  refuseUnsupported(database, revision);
  const to = resolveRevision(database.dialect.name, wanted, revision);
  return isAhead(database, revision, to) ? planChain(database, revision, to) : [];
}

/**
 * Keeps out other processes of ours while `work` runs. PostgreSQL's lock is that of a transaction of its own, which ends
 * with this process whatever happens; SQLite needs none, since steps may be run twice and each is a transaction.
 */
export function oneAtATime<T>(database: Database, work: () => Promise<T>): Promise<T> {
  if (!database.dialect.rowLocks) return work();
  return database.write(async (tx) => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
    await lockSchema(tx);
    return work();
  });
}

type Begun = { readonly outcome: "created" } | { readonly outcome: "adopted"; readonly revision: string };

/** Creates what an empty database lacks; refuses one that cannot be upgraded before anything is touched. */
async function begin(database: Database): Promise<Begun> {
  const { name } = database.dialect;
  let begun: Begun = { outcome: "created" };
  await changeSchema(database, async (tx) => {
    const revision = await findRevision(tx);
    if (revision !== undefined) {
      refuseUnsupported(database, revision);
      await createOwnTables(tx);
      begun = { outcome: "adopted", revision };
      return;
    }
    if (await hasTable(tx, "flow_run")) throw ForeignDatabase();
    await createAll(tx, name);
    begun = { outcome: "created" };
  });
  return begun;
}

async function createAll(tx: Db, name: "sqlite" | "postgres"): Promise<void> {
  // Left behind by a downgrade to nothing: the schema makes it anew.
  await sql`drop table if exists alembic_version`.execute(tx);
  for (const statement of createSchema(name)) await sql.raw(statement).execute(tx);
  await createOwnTables(tx);
}

/** Throws unless the database is at a revision that can be upgraded. */
export function refuseUnsupported({ dialect }: Database, revision: string): void {
  if (supportedRevisions(dialect.name).includes(revision)) return;
  throw REVISIONS[dialect.name].includes(revision) ? OutdatedDatabase(revision) : UnknownRevision(revision);
}

function isAhead({ dialect }: Database, from: string, to: string): boolean {
  const revisions = supportedRevisions(dialect.name);
  return revisions.indexOf(to) > revisions.indexOf(from);
}
