import { describeResult, resultWithoutDescription } from "../../domain/orchestration/result-data.ts";
import { isStorable } from "../../domain/orchestration/states.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { matchingArtifacts } from "../filters/related.ts";
import { artifactOrder } from "../filters/sorting.ts";
import { rowInserter } from "../insert-rows.ts";
import type { Row } from "../tables.ts";

const insertResults = rowInserter("artifact", [
  "id",
  "created",
  "updated",
  "key",
  "type",
  "description",
  "data",
  "flow_run_id",
  "task_run_id",
]);

interface NewResult {
  readonly id: string;
  readonly data: unknown;
  readonly flow_run_id: string | null;
  readonly task_run_id: string | null;
  /** In the database's form. */
  readonly created: string;
}

/**
 * Stores a state's data as a result artifact, as the reference does, and gives the artifact's id. Data that is absent or
 * of type `unpersisted` is not stored: null.
 */
export async function insertResultArtifact(db: Db, result: NewResult): Promise<string | null> {
  const { data } = result;
  if (!isStorable(data)) return null;
  const row = {
    ...describeResult(data),
    id: result.id,
    created: result.created,
    updated: result.created,
    data: JSON.stringify(resultWithoutDescription(data)),
    flow_run_id: result.flow_run_id,
    task_run_id: result.task_run_id,
  };
  await insertResults(db, [row]);
  return result.id;
}

export async function findArtifact(db: Db, id: string): Promise<Row<"artifact"> | undefined> {
  return db.selectFrom("artifact").selectAll().where("id", "=", id).executeTakeFirst();
}

/** What an artifact says, JSON as text. */
export type ArtifactContent = Pick<
  Row<"artifact">,
  "type" | "description" | "data" | "metadata_" | "flow_run_id" | "task_run_id"
>;

export interface NewArtifact extends ArtifactContent {
  readonly id: string;
  /** In the database's form. */
  readonly created: string;
  readonly key: string | null;
}

export async function insertArtifact(db: Db, artifact: NewArtifact): Promise<Row<"artifact">> {
  const row = { ...artifact, updated: artifact.created };
  return db.insertInto("artifact").values(row).returningAll().executeTakeFirstOrThrow();
}

/** The columns that may change; JSON as text, `updated` in the database's form. */
export type ArtifactChanges = Partial<Pick<ArtifactContent, "data" | "description" | "metadata_">> & {
  readonly updated: string;
};

/** Returns false when no artifact has that id. */
export async function updateArtifact(db: Db, id: string, changes: ArtifactChanges): Promise<boolean> {
  const result = await db.updateTable("artifact").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Gives the row that was there. */
export async function deleteArtifact(db: Db, id: string): Promise<Row<"artifact"> | undefined> {
  return db.deleteFrom("artifact").where("id", "=", id).returningAll().executeTakeFirst();
}

/** The newest artifact of a key in the table itself. */
export async function findNewestArtifact(db: Db, key: string): Promise<Row<"artifact"> | undefined> {
  const query = db.selectFrom("artifact").selectAll().where("key", "=", key);
  return query.orderBy("created", "desc").limit(1).executeTakeFirst();
}

/** What artifacts to list: each part that is given must match. */
export type ArtifactFilters = Parameters<typeof matchingArtifacts>[1];

export async function listArtifacts(
  db: Db,
  filters: ArtifactFilters,
  how: { readonly sort: Parameters<typeof artifactOrder>[0]; readonly limit: number; readonly offset: number },
): Promise<readonly Row<"artifact">[]> {
  return db
    .selectFrom("artifact")
    .selectAll()
    .where(matchingArtifacts(dialectOf(db), filters))
    .orderBy(artifactOrder(how.sort))
    .limit(how.limit)
    .offset(how.offset)
    .execute();
}

export async function countArtifacts(db: Db, filters: ArtifactFilters): Promise<number> {
  const row = await db
    .selectFrom("artifact")
    .select((query) => query.fn.countAll<number>().as("count"))
    .where(matchingArtifacts(dialectOf(db), filters))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
