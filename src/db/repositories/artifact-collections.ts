import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { matchingArtifactCollections } from "../filters/related.ts";
import { artifactCollectionOrder } from "../filters/sorting.ts";
import type { Row } from "../tables.ts";
import type { ArtifactChanges, NewArtifact } from "./artifacts.ts";

type Collection = Row<"artifact_collection">;

/** The collection of a key: a copy of its newest artifact, under an id of its own. */
export async function findArtifactCollection(db: Db, key: string): Promise<Collection | undefined> {
  return db.selectFrom("artifact_collection").selectAll().where("key", "=", key).executeTakeFirst();
}

/** Makes an artifact the newest of its key; `id` is that of the collection, should there be none yet. */
export async function upsertArtifactCollection(
  db: Db,
  id: string,
  latest: NewArtifact & { readonly key: string },
): Promise<{ readonly row: Collection; readonly isNew: boolean }> {
  const { id: latest_id, key, created: now, ...content } = latest;
  const row = await db
    .insertInto("artifact_collection")
    .values({ id, created: now, updated: now, key, latest_id, ...content })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ updated: now, latest_id, ...content }))
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, isNew: row.id === id };
}

/** Changes the collection whose newest artifact has that id, if there is one. */
export async function updateLatestArtifact(db: Db, latestId: string, changes: ArtifactChanges): Promise<void> {
  await db.updateTable("artifact_collection").set(changes).where("latest_id", "=", latestId).execute();
}

/** Makes an older artifact the newest again; the collection takes over its times, too. */
export async function replaceLatestArtifact(db: Db, key: string, latest: Row<"artifact">): Promise<Collection> {
  const { timestamp } = dialectOf(db);
  const { id: latest_id, created, updated, type, description, data, metadata_, flow_run_id, task_run_id } = latest;
  const times = { created: timestamp(created), updated: timestamp(updated) };
  return db
    .updateTable("artifact_collection")
    .set({ latest_id, ...times, type, description, data, metadata_, flow_run_id, task_run_id })
    .where("key", "=", key)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteArtifactCollection(db: Db, key: string): Promise<void> {
  await db.deleteFrom("artifact_collection").where("key", "=", key).execute();
}

/** What collections to list: each part that is given must match. */
export type ArtifactCollectionFilters = Parameters<typeof matchingArtifactCollections>[1];

export async function listArtifactCollections(
  db: Db,
  filters: ArtifactCollectionFilters,
  how: {
    readonly sort: Parameters<typeof artifactCollectionOrder>[0];
    readonly limit: number;
    readonly offset: number;
  },
): Promise<readonly Collection[]> {
  return db
    .selectFrom("artifact_collection")
    .selectAll()
    .where(matchingArtifactCollections(dialectOf(db), filters))
    .orderBy(artifactCollectionOrder(how.sort))
    .limit(how.limit)
    .offset(how.offset)
    .execute();
}

export async function countArtifactCollections(db: Db, filters: ArtifactCollectionFilters): Promise<number> {
  const row = await db
    .selectFrom("artifact_collection")
    .select((query) => query.fn.countAll<number>().as("count"))
    .where(matchingArtifactCollections(dialectOf(db), filters))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
