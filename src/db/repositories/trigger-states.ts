import type { Bucket, KeyState } from "../../domain/automations/bucket.ts";
import type { Firing, SeenEvent } from "../../domain/automations/firing.ts";
import type { HeldEvent } from "../../domain/automations/held-events.ts";
import { pythonJson } from "../../domain/python-json.ts";
import { parseJson } from "../../kit/json.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { Row } from "../tables.ts";

/** One key of an event trigger. */
export interface TriggerKey {
  readonly automation_id: string;
  readonly trigger_id: string;
  readonly bucketing_key: readonly string[];
}

interface Written {
  /** In the database's form. */
  readonly now: string;
  readonly nextId: () => string;
}

/** Equal keys have equal texts, the reference's too: SQLite compares them. */
const columnsOf = ({ automation_id, trigger_id, bucketing_key }: TriggerKey) => ({
  automation_id,
  trigger_id,
  bucketing_key: pythonJson(bucketing_key),
});

export async function readKeyState(db: Db, key: TriggerKey, holdsEvents: boolean): Promise<KeyState> {
  const { automation_id, trigger_id, bucketing_key } = columnsOf(key);
  const row = await db
    .selectFrom("automation_bucket")
    .selectAll()
    .where("automation_id", "=", automation_id)
    .where("trigger_id", "=", trigger_id)
    .where("bucketing_key", "=", bucketing_key)
    .executeTakeFirst();
  return { bucket: row && bucketOf(row), held: holdsEvents ? await listHeldEvents(db, key) : [] };
}

/** Keys of a trigger whose windows end by then or have `threshold` events already. */
export async function listDueKeys(
  db: Db,
  trigger: Pick<TriggerKey, "automation_id" | "trigger_id">,
  due: { readonly by: Timestamp; readonly threshold: number; readonly limit: number },
): Promise<readonly (readonly string[])[]> {
  const rows = await db
    .selectFrom("automation_bucket")
    .select("bucketing_key")
    .where("automation_id", "=", trigger.automation_id)
    .where("trigger_id", "=", trigger.trigger_id)
    .where((where) =>
      where.or([where("end", "<=", dialectOf(db).timestamp(due.by)), where("count", ">=", due.threshold)]),
    )
    .orderBy("start")
    .limit(due.limit)
    .execute();
  return rows.map(({ bucketing_key }) => parseJson(bucketing_key) as string[]);
}

/** When the first of a trigger's windows ends; undefined when it has none. */
export async function findFirstEnd(
  db: Db,
  trigger: Pick<TriggerKey, "automation_id" | "trigger_id">,
): Promise<Timestamp | undefined> {
  const row = await db
    .selectFrom("automation_bucket")
    .select("end")
    .where("automation_id", "=", trigger.automation_id)
    .where("trigger_id", "=", trigger.trigger_id)
    .orderBy("end")
    .limit(1)
    .executeTakeFirst();
  return row?.end;
}

/** Brings what is stored of a key from one state to another. */
export async function writeKeyState(
  db: Db,
  key: TriggerKey,
  change: Written & { readonly from: KeyState; readonly to: KeyState },
): Promise<void> {
  const { from, to } = change;
  if (to.bucket === undefined && from.bucket) await bucketAt(db, key).execute();
  if (to.bucket && to.bucket !== from.bucket) await saveBucket(db, key, { ...change, bucket: to.bucket });
  if (to.held !== from.held) await saveHeldEvents(db, key, change);
}

function bucketAt(db: Db, key: TriggerKey) {
  const { automation_id, trigger_id, bucketing_key } = columnsOf(key);
  return db
    .deleteFrom("automation_bucket")
    .where("automation_id", "=", automation_id)
    .where("trigger_id", "=", trigger_id)
    .where("bucketing_key", "=", bucketing_key);
}

async function saveBucket(db: Db, key: TriggerKey, { bucket, now, nextId }: Written & { readonly bucket: Bucket }) {
  const { timestamp } = dialectOf(db);
  const columns = {
    start: timestamp(bucket.start),
    end: timestamp(bucket.end),
    count: bucket.count,
    last_event: bucket.lastEvent && JSON.stringify(bucket.lastEvent),
    updated: now,
  };
  await db
    .insertInto("automation_bucket")
    .values({ id: nextId(), created: now, ...columnsOf(key), ...columns })
    .onConflict((conflict) => conflict.columns(["automation_id", "trigger_id", "bucketing_key"]).doUpdateSet(columns))
    .execute();
}

function bucketOf(row: Row<"automation_bucket">): Bucket {
  const lastEvent = row.last_event === null ? null : (parseJson(row.last_event) as SeenEvent);
  return { start: row.start, end: row.end, count: row.count, lastEvent };
}

async function listHeldEvents(db: Db, key: TriggerKey): Promise<readonly HeldEvent[]> {
  const { automation_id, trigger_id, bucketing_key } = columnsOf(key);
  const rows = await db
    .selectFrom("automation_held_event")
    .select(["event_id", "occurred"])
    .where("automation_id", "=", automation_id)
    .where("trigger_id", "=", trigger_id)
    .where("bucketing_key", "=", bucketing_key)
    .orderBy("occurred")
    .orderBy("event_id")
    .execute();
  return rows.map(({ event_id, occurred }) => ({ id: event_id, occurred }));
}

async function saveHeldEvents(
  db: Db,
  key: TriggerKey,
  { from, to, now, nextId }: Written & { readonly from: KeyState; readonly to: KeyState },
): Promise<void> {
  const dialect = dialectOf(db);
  const columns = columnsOf(key);
  const [known, kept] = [new Set(from.held.map(({ id }) => id)), new Set(to.held.map(({ id }) => id))];
  const gone = [...known].filter((id) => !kept.has(id));
  if (gone.length > 0) {
    await db
      .deleteFrom("automation_held_event")
      .where("automation_id", "=", columns.automation_id)
      .where("trigger_id", "=", columns.trigger_id)
      .where("bucketing_key", "=", columns.bucketing_key)
      .where(isOneOf(dialect, column("automation_held_event.event_id"), { of: gone, type: "uuid" }))
      .execute();
  }
  for (const { id, occurred } of to.held) {
    if (known.has(id)) continue;
    const row = { id: nextId(), created: now, updated: now, ...columns, event_id: id };
    await db
      .insertInto("automation_held_event")
      .values({ ...row, occurred: dialect.timestamp(occurred) })
      .execute();
  }
}

/** The newest firing of each trigger within a compound or a sequence, those that fired first first. */
export async function listChildFirings(
  db: Db,
  trigger: { readonly automation_id: string; readonly parent_trigger_id: string },
): Promise<readonly Firing[]> {
  const rows = await db
    .selectFrom("composite_trigger_child_firing")
    .select("child_firing")
    .where("automation_id", "=", trigger.automation_id)
    .where("parent_trigger_id", "=", trigger.parent_trigger_id)
    .orderBy("child_fired_at")
    .execute();
  return rows.map(({ child_firing }) => parseJson(child_firing) as Firing);
}

/** Replaces what is remembered of a compound or a sequence. */
export async function replaceChildFirings(
  db: Db,
  trigger: { readonly automation_id: string; readonly parent_trigger_id: string },
  { firings, now, nextId }: Written & { readonly firings: readonly Firing[] },
): Promise<void> {
  await db
    .deleteFrom("composite_trigger_child_firing")
    .where("automation_id", "=", trigger.automation_id)
    .where("parent_trigger_id", "=", trigger.parent_trigger_id)
    .execute();
  if (firings.length === 0) return;
  const rows = firings.map((firing) => ({
    id: nextId(),
    created: now,
    updated: now,
    ...trigger,
    child_trigger_id: firing.trigger.id ?? "",
    child_firing_id: firing.id,
    child_fired_at: dialectOf(db).timestamp(firing.triggered),
    child_firing: JSON.stringify(firing),
  }));
  await db.insertInto("composite_trigger_child_firing").values(rows).execute();
}

/** Removes windows that ended before then. */
export async function deleteClosedBuckets(db: Db, endedBefore: Timestamp): Promise<void> {
  await db.deleteFrom("automation_bucket").where("end", "<=", dialectOf(db).timestamp(endedBefore)).execute();
}

/** Removes held events that were stored before then and that no window open at `now` may need. */
export async function deleteOldHeldEvents(
  db: Db,
  { storedBefore, now }: { readonly storedBefore: Timestamp; readonly now: Timestamp },
): Promise<void> {
  const { timestamp } = dialectOf(db);
  await db
    .deleteFrom("automation_held_event")
    .where("updated", "<", timestamp(storedBefore))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("automation_bucket")
            .select("automation_bucket.id")
            .whereRef("automation_bucket.automation_id", "=", "automation_held_event.automation_id")
            .whereRef("automation_bucket.trigger_id", "=", "automation_held_event.trigger_id")
            .whereRef("automation_bucket.bucketing_key", "=", "automation_held_event.bucketing_key")
            .where("automation_bucket.end", ">", timestamp(now)),
        ),
      ),
    )
    .execute();
}
