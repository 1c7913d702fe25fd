import type { Db } from "../db/database.ts";
import {
  deleteArtifactCollection,
  findArtifactCollection,
  replaceLatestArtifact,
  upsertArtifactCollection,
} from "../db/repositories/artifact-collections.ts";
import { deleteArtifact, findNewestArtifact, insertArtifact } from "../db/repositories/artifacts.ts";
import type { NewEvent } from "../db/repositories/events.ts";
import type { Row } from "../db/tables.ts";
import type { ArtifactCreate } from "../schemas/artifact.ts";
import type { ServerContext } from "./context.ts";
import { type LifecycleChange, lifecycleEvent, writeWithEvents } from "./events/lifecycle.ts";
import { artifactView } from "./views/artifact.ts";

/** Stores an artifact and, where it has a key, makes it the newest of that key. */
export function createArtifact(ctx: ServerContext, artifact: ArtifactCreate): Promise<Row<"artifact">> {
  const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value));
  const row = {
    id: ctx.ids.next(),
    created: ctx.db.dialect.timestamp(ctx.clock.now()),
    key: artifact.key ?? null,
    type: artifact.type ?? null,
    description: artifact.description ?? null,
    data: json(artifact.data),
    metadata_: json(artifact.metadata_),
    flow_run_id: artifact.flow_run_id ?? null,
    task_run_id: artifact.task_run_id ?? null,
  };
  const collectionId = ctx.ids.next();
  return writeWithEvents(ctx, async (tx) => {
    const result = await insertArtifact(tx, row);
    const { key } = row;
    if (key === null) return { result, events: [] };
    const latest = await upsertArtifactCollection(tx, collectionId, { ...row, key });
    return { result, events: [collectionEvent(ctx, latest.isNew ? "created" : "updated", latest.row)] };
  });
}

/** Deletes an artifact; the one made before it becomes the newest of its key. Returns false when there was none. */
export function removeArtifact(ctx: ServerContext, id: string): Promise<boolean> {
  return writeWithEvents(ctx, async (tx) => {
    const deleted = await deleteArtifact(tx, id);
    if (!deleted) return { result: false, events: [] };
    return { result: true, events: await fallBack(ctx, tx, deleted) };
  });
}

/** Once an artifact is gone, the newest that is left of its key takes its place. Gives the event that tells of it. */
export async function fallBack(
  ctx: ServerContext,
  tx: Db,
  { id, key }: Pick<Row<"artifact">, "id" | "key">,
): Promise<readonly NewEvent[]> {
  const collection = key === null ? undefined : await findArtifactCollection(tx, key);
  if (!collection || collection.latest_id !== id) return [];
  const next = await findNewestArtifact(tx, collection.key);
  if (next) return [collectionEvent(ctx, "updated", await replaceLatestArtifact(tx, collection.key, next))];
  await deleteArtifactCollection(tx, collection.key);
  return [collectionEvent(ctx, "deleted", collection)];
}

function collectionEvent(ctx: ServerContext, change: LifecycleChange["change"], row: Row<"artifact_collection">) {
  const { key, type, data, description } = artifactView(row);
  const related = [
    { kind: "artifact", id: row.latest_id, role: "latest" },
    { kind: "flow-run", id: row.flow_run_id, role: "flow-run" },
    { kind: "task-run", id: row.task_run_id, role: "task-run" },
  ];
  return lifecycleEvent(ctx, {
    kind: "artifact-collection",
    change,
    id: row.id,
    name: row.key,
    payload: { key, type, data, description },
    related: related.flatMap(({ kind, id, role }) =>
      id === null ? [] : [{ "prefect.resource.id": `prefect.${kind}.${id}`, "prefect.resource.role": role }],
    ),
  });
}
