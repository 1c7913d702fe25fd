import type { Db } from "../../db/database.ts";
import {
  deleteSchedulesOfDeployment,
  insertDeploymentSchedules,
  listDeploymentSchedules,
  updateDeploymentSchedule,
} from "../../db/repositories/deployment-schedules.ts";
import { deleteScheduledRuns } from "../../db/repositories/scheduled-runs.ts";
import type { NewRow, RowChanges } from "../../db/tables.ts";
import { planScheduleChanges } from "../../domain/schedule-changes.ts";
import { anchoredRRule } from "../../domain/schedules/anchored-rrule.ts";
import type { DeploymentScheduleCreate, DeploymentScheduleUpdate } from "../../schemas/deployment.ts";
import type { ScheduleInput } from "../../schemas/schedule.ts";
import type { ServerContext } from "../context.ts";
import { InvalidSchedules } from "../errors.ts";

type NewSchedule = Pick<DeploymentScheduleCreate, "schedule"> & Partial<DeploymentScheduleCreate>;

/** Stores new schedules. A slug the deployment has already is a violation of the database's. */
export async function addSchedules(
  ctx: ServerContext,
  tx: Db,
  of: { readonly deployment_id: string; readonly schedules: readonly NewSchedule[] },
): Promise<readonly string[]> {
  const rows = of.schedules.map((schedule) => scheduleRow(ctx, of.deployment_id, schedule));
  await insertDeploymentSchedules(tx, rows);
  return rows.map(({ id }) => id);
}

function scheduleRow(
  ctx: ServerContext,
  deployment_id: string,
  schedule: NewSchedule,
): NewRow<"deployment_schedule"> & { id: string } {
  return {
    id: ctx.ids.next(),
    created: stamp(ctx),
    updated: stamp(ctx),
    deployment_id,
    schedule: storedSchedule(ctx, schedule.schedule),
    active: schedule.active ?? true,
    max_scheduled_runs: schedule.max_scheduled_runs ?? null,
    parameters: JSON.stringify(schedule.parameters ?? {}),
    slug: schedule.slug ?? null,
  };
}

/** What is given of a schedule; null leaves things as they are, but parameters that are not given are none. */
export function scheduleChanges(
  ctx: ServerContext,
  update: DeploymentScheduleUpdate,
): RowChanges<"deployment_schedule"> {
  const { active, schedule, max_scheduled_runs, parameters, slug } = update;
  const changes: Record<string, unknown> = { updated: stamp(ctx), parameters: JSON.stringify(parameters ?? {}) };
  if (typeof active === "boolean") changes.active = active;
  if (schedule) changes.schedule = storedSchedule(ctx, schedule);
  if (typeof max_scheduled_runs === "number") changes.max_scheduled_runs = max_scheduled_runs;
  if (typeof slug === "string") changes.slug = slug;
  return changes as RowChanges<"deployment_schedule">;
}

/** The schedule as stored: an interval has its anchor, a rule its DTSTART. */
function storedSchedule(ctx: ServerContext, schedule: ScheduleInput): string {
  const now = ctx.clock.now();
  if ("interval" in schedule) {
    const { interval, anchor_date = now, timezone } = schedule;
    return JSON.stringify({ interval, anchor_date, timezone });
  }
  if ("rrule" in schedule) {
    const { rrule, timezone } = schedule;
    return JSON.stringify({ rrule: anchoredRRule(rrule, { now, timezone: timezone ?? "UTC" }), timezone });
  }
  return JSON.stringify(schedule);
}

/** Puts these schedules in the place of all the deployment has. */
export async function replaceSchedules(
  ctx: ServerContext,
  tx: Db,
  of: { readonly deployment_id: string; readonly schedules: readonly NewSchedule[] },
): Promise<void> {
  await deleteSchedulesOfDeployment(tx, of.deployment_id);
  await addSchedules(ctx, tx, of);
}

/** Applies the schedules of a changed deployment; `undefined` changes none. @throws InvalidSchedules */
export async function applyScheduleUpdates(
  ctx: ServerContext,
  tx: Db,
  of: { readonly deployment_id: string; readonly updates: readonly DeploymentScheduleUpdate[] | undefined },
): Promise<void> {
  const { deployment_id } = of;
  const plan = planScheduleChanges(await listDeploymentSchedules(tx, [deployment_id]), of.updates);
  switch (plan.kind) {
    case "none":
      return;
    case "invalid":
      throw InvalidSchedules(plan.reason);
    case "replace":
      await replaceSchedules(ctx, tx, { deployment_id, schedules: plan.all.map(newSchedule) });
      return;
    case "patch": {
      // Slugs are unique: those that go away must be gone before another takes their name.
      for (const { id, by } of plan.patched) {
        if (by.replaces) await updateDeploymentSchedule(tx, { deployment_id, id }, { slug: null });
      }
      for (const { id, by } of plan.patched) {
        await updateDeploymentSchedule(tx, { deployment_id, id }, scheduleChanges(ctx, by));
      }
      await addSchedules(ctx, tx, { deployment_id, schedules: plan.created.map(newSchedule) });
    }
  }
}

/** How many of its runs a later request may keep is not carried over, as in the reference. */
function newSchedule({ schedule, active, parameters, slug }: DeploymentScheduleUpdate): NewSchedule {
  return {
    schedule: schedule as ScheduleInput,
    active: active ?? true,
    parameters: parameters ?? {},
    slug: slug ?? null,
  };
}

/** Deletes the runs the scheduler made ahead of time, so that it makes them anew. */
export async function forgetScheduledRuns(ctx: ServerContext, tx: Db, deployment_id: string): Promise<void> {
  await deleteScheduledRuns(tx, { deployment_id, autoScheduledOnly: true, after: stamp(ctx) });
}

const stamp = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
