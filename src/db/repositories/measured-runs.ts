import type { MeasuredRun } from "../../domain/automations/metric.ts";
import { parseJson } from "../../kit/json.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";

type Labels = Readonly<Record<string, string>>;

/** An event of a flow run, as far as metrics look at it. */
export interface RunEvent {
  readonly runId: string;
  readonly resource: Labels;
  readonly related: readonly Labels[];
}

/** The newest events of these names that occurred after `since`. */
export async function listRunEvents(
  db: Db,
  of: { readonly names: readonly string[]; readonly since: Timestamp; readonly limit: number },
): Promise<readonly RunEvent[]> {
  const rows = await db
    .selectFrom("events")
    .select(["resource_id", "resource", "related"])
    .where("event", "in", of.names)
    .where("occurred", ">", dialectOf(db).timestamp(of.since))
    .orderBy("occurred", "desc")
    .limit(of.limit)
    .execute();
  return rows.map(({ resource_id, resource, related }) => ({
    runId: resource_id.replace("prefect.flow-run.", ""),
    resource: parseJson(resource) as Labels,
    related: parseJson(related) as readonly Labels[],
  }));
}

export async function findMeasuredRuns(db: Db, ids: readonly string[]): Promise<readonly MeasuredRun[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom("flow_run")
    .select(["state_type", "expected_start_time", "start_time", "total_run_time"])
    .where(isOneOf(dialectOf(db), column("flow_run.id"), { of: ids, type: "uuid" }))
    .execute();
}
