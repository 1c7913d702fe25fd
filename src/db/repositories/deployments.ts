import type { DeploymentSort } from "../../schemas/sorting.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { type Condition, isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchingDeployments, type RelatedFilters } from "../filters/related.ts";
import { deploymentOrder } from "../filters/sorting.ts";
import { prepare } from "../prepared.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

function selectDeployments(db: Db) {
  return db
    .selectFrom("deployment")
    .innerJoin("flow", "flow.id", "deployment.flow_id")
    .leftJoin("work_queue", "work_queue.id", "deployment.work_queue_id")
    .leftJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .leftJoin("concurrency_limit_v2 as slot", "slot.id", "deployment.concurrency_limit_id")
    .selectAll("deployment")
    .select([
      "flow.name as flow_name",
      "work_queue.name as queue_name",
      "work_pool.id as work_pool_id",
      "work_pool.name as work_pool_name",
      "work_pool.type as work_pool_type",
      "work_pool.base_job_template as base_job_template",
      "slot.created as limit_created",
      "slot.updated as limit_updated",
      "slot.name as limit_name",
      "slot.limit as limit_size",
      "slot.active as limit_active",
      "slot.active_slots as limit_active_slots",
      "slot.slot_decay_per_second as limit_decay",
    ]);
}

/** A deployment with its flow, its work pool and its concurrency limit. JSON columns are text. */
export type DeploymentRow = Row<"deployment"> & {
  readonly flow_name: string;
  /** The queue's own name, whatever the deployment calls it. */
  readonly queue_name: string | null;
  readonly work_pool_id: string | null;
  readonly work_pool_name: string | null;
  readonly work_pool_type: string | null;
  readonly base_job_template: string | null;
  readonly limit_created: string | null;
  readonly limit_updated: string | null;
  readonly limit_name: string | null;
  readonly limit_size: number | null;
  readonly limit_active: boolean | null;
  readonly limit_active_slots: number | null;
  readonly limit_decay: number | null;
};

const readOne = prepare<{ id: string }, DeploymentRow>("read_deployment", (db, value) =>
  selectDeployments(db).where("deployment.id", "=", value("id")),
);

export async function findDeployment(db: Db, id: string): Promise<DeploymentRow | undefined> {
  const rows = await readOne(db, { id });
  return rows[0];
}

export async function findDeploymentByName(
  db: Db,
  names: { readonly flow: string; readonly deployment: string },
): Promise<DeploymentRow | undefined> {
  return await selectDeployments(db)
    .where("flow.name", "=", names.flow)
    .where("deployment.name", "=", names.deployment)
    .executeTakeFirst();
}

export async function findDeploymentOfFlow(
  db: Db,
  key: { readonly flow_id: string; readonly name: string },
): Promise<DeploymentRow | undefined> {
  return await selectDeployments(db)
    .where("deployment.flow_id", "=", key.flow_id)
    .where("deployment.name", "=", key.name)
    .executeTakeFirst();
}

/** Returns false, and writes nothing, when the flow already has a deployment of that name. */
export async function insertDeployment(db: Db, deployment: NewRow<"deployment">): Promise<boolean> {
  const rows = await db
    .insertInto("deployment")
    .values(deployment)
    .onConflict((conflict) => conflict.columns(["flow_id", "name"]).doNothing())
    .returning("id")
    .execute();
  return rows.length === 1;
}

/** Returns false when no row has that id. */
export async function updateDeployment(db: Db, id: string, changes: RowChanges<"deployment">): Promise<boolean> {
  const rows = await db.updateTable("deployment").set(changes).where("id", "=", id).returning("id").execute();
  return rows.length === 1;
}

/** Returns false when no row has that id. */
export async function deleteDeployment(db: Db, id: string): Promise<boolean> {
  const rows = await db.deleteFrom("deployment").where("id", "=", id).returning("id").execute();
  return rows.length === 1;
}

export async function listDeployments(
  db: Db,
  filters: RelatedFilters,
  page: { readonly sort: DeploymentSort; readonly limit: number; readonly offset: number },
): Promise<readonly DeploymentRow[]> {
  return await selectDeployments(db)
    .where(matching(db, filters))
    .orderBy(deploymentOrder(page.sort))
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countDeployments(db: Db, filters: RelatedFilters): Promise<number> {
  const row = await db
    .selectFrom("deployment")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(matching(db, filters))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function matching(db: Db, filters: RelatedFilters): Condition {
  return matchingDeployments(dialectOf(db), filters);
}

/** A deployment that a poll concerns, with what its status event names. */
export type PolledDeployment = Pick<
  DeploymentRow,
  | "id"
  | "name"
  | "status"
  | "flow_id"
  | "flow_name"
  | "work_queue_id"
  | "queue_name"
  | "work_pool_id"
  | "work_pool_name"
  | "work_pool_type"
  | "storage_document_id"
  | "infrastructure_document_id"
  | "concurrency_limit_id"
>;

/** Locks the deployments with these ids or on these work queues, in the order of their ids. */
export async function lockPolledDeployments(
  db: Db,
  of: { readonly ids?: readonly string[]; readonly queueIds?: readonly string[] },
): Promise<readonly PolledDeployment[]> {
  const dialect = dialectOf(db);
  const query = selectDeployments(db)
    .where((eb) =>
      eb.or([
        isOneOf(dialect, column("deployment.id"), { of: of.ids ?? [], type: "uuid" }),
        isOneOf(dialect, column("deployment.work_queue_id"), { of: of.queueIds ?? [], type: "uuid" }),
      ]),
    )
    .orderBy("deployment.id");
  return await (dialect.rowLocks ? query.forUpdate("deployment") : query).execute();
}

/** Leaves `updated` alone: a poll is no change, and the scheduler looks for changes. */
export async function updateDeploymentStatus(
  db: Db,
  ids: readonly string[],
  columns: Pick<RowChanges<"deployment">, "status" | "last_polled">,
): Promise<void> {
  if (ids.length === 0) return;
  const wanted = isOneOf(dialectOf(db), column("deployment.id"), { of: ids, type: "uuid" });
  await db.updateTable("deployment").set(columns).where(wanted).execute();
}

/**
 * Locks READY deployments that were last polled, themselves and their queue, before `before` (database form), and gives
 * their ids; those that somebody else has locked are left out.
 */
export async function lockUnpolledDeployments(tx: Db, before: string, limit: number): Promise<readonly string[]> {
  const query = tx
    .selectFrom("deployment")
    .leftJoin("work_queue", "work_queue.id", "deployment.work_queue_id")
    .select("deployment.id")
    .where("deployment.status", "=", "READY")
    .where("deployment.last_polled", "<", before)
    .where((eb) => eb.or([eb("work_queue.last_polled", "is", null), eb("work_queue.last_polled", "<", before)]))
    .orderBy("deployment.id")
    .limit(limit);
  const rows = await (dialectOf(tx).rowLocks ? query.forUpdate("deployment").skipLocked() : query).execute();
  return rows.map(({ id }) => id);
}
