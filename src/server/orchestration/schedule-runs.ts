import type { Db } from "../../db/database.ts";
import { type DeploymentScheduleRow, listDeploymentSchedules } from "../../db/repositories/deployment-schedules.ts";
import { type DeploymentRow, findDeployment } from "../../db/repositories/deployments.ts";
import { insertFlowRun, type NewFlowRun } from "../../db/repositories/flow-runs.ts";
import type { State } from "../../domain/orchestration/facts.ts";
import { newState } from "../../domain/orchestration/states.ts";
import { runName } from "../../domain/run-name.ts";
import { type ScheduledDate, scheduleDates } from "../../domain/schedules/schedule-dates.ts";
import { parseJson } from "../../kit/json.ts";
import { emptyOf } from "../../kit/schema/schema.ts";
import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import { FlowRunPolicy } from "../../schemas/flow-run.ts";
import type { ScheduleOutput } from "../../schemas/schedule.ts";
import type { ServerContext } from "../context.ts";
import { insertState } from "./write-flow-run-state.ts";

/** How far ahead to make runs: until there are enough and they reach far enough, or one of the ends is reached. */
export interface Horizon {
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly minRuns: number;
  readonly maxRuns: number;
  /** The last run is to be at least this late. */
  readonly reach: Timestamp;
}

/** The horizon of the settings. */
export function horizonFrom(ctx: ServerContext, start: Timestamp): Horizon {
  const { min_runs, max_runs, min_scheduled_time, max_scheduled_time } = ctx.settings.server.services.scheduler;
  return {
    start,
    end: addSeconds(start, max_scheduled_time),
    reach: addSeconds(start, min_scheduled_time),
    minRuns: min_runs,
    maxRuns: max_runs,
  };
}

/**
 * Makes the runs that the active schedules of deployments ask for. Those that are there already, whoever made them, are
 * left alone. A deployment whose schedules cannot be read is logged and passed over.
 * @returns how many runs are new
 */
export async function scheduleRuns(ctx: ServerContext, ids: readonly string[], horizon: Horizon): Promise<number> {
  const drafts: RunDraft[] = [];
  for (const id of ids) {
    try {
      drafts.push(...(await draftRuns(ctx, id, horizon)));
    } catch (error) {
      ctx.log.error({ err: error, deployment_id: id }, "a deployment could not be scheduled");
    }
  }
  const batchSize = ctx.settings.server.services.scheduler.insert_batch_size;
  let made = 0;
  for (let at = 0; at < drafts.length; at += batchSize) {
    made += await insertRuns(ctx, drafts.slice(at, at + batchSize));
  }
  return made;
}

interface RunDraft {
  readonly deployment: DeploymentRow;
  readonly schedule: DeploymentScheduleRow;
  readonly date: ScheduledDate;
}

async function draftRuns(ctx: ServerContext, id: string, horizon: Horizon): Promise<readonly RunDraft[]> {
  const deployment = await findDeployment(ctx.db.read, id);
  if (!deployment) return [];
  const schedules = (await listDeploymentSchedules(ctx.db.read, [id])).filter(({ active }) => active);
  return schedules.flatMap((schedule) => datesOf(schedule, horizon).map((date) => ({ deployment, schedule, date })));
}

function datesOf(row: DeploymentScheduleRow, horizon: Horizon): readonly ScheduledDate[] {
  const { start, end, maxRuns: maxCount } = horizon;
  const dates: ScheduledDate[] = [];
  for (const date of scheduleDates(parseJson(row.schedule) as ScheduleOutput, { start, end, maxCount })) {
    dates.push(date);
    if (dates.length >= horizon.minRuns && compareTimestamps(date.at, horizon.reach) >= 0) break;
  }
  return dates;
}

async function insertRuns(ctx: ServerContext, drafts: readonly RunDraft[]): Promise<number> {
  return await ctx.db.write(async (tx) => {
    let made = 0;
    for (const draft of drafts) if (await insertRun(ctx, tx, draft)) made += 1;
    return made;
  });
}

async function insertRun(ctx: ServerContext, tx: Db, draft: RunDraft): Promise<boolean> {
  const now = ctx.clock.now();
  const fields = {
    type: "SCHEDULED",
    message: "Flow run scheduled",
    state_details: { scheduled_time: draft.date.at },
  } as const;
  const state = newState(fields, { now, ids: ctx.ids });
  const row = runRow(ctx, draft, state);
  return await insertFlowRun(tx, row, () => insertState(ctx, tx, { state, row, now }));
}

const defaultPolicy = emptyOf(FlowRunPolicy);

function runRow(ctx: ServerContext, { deployment, schedule, date }: RunDraft, state: State): NewFlowRun {
  const { timestamp, interval } = ctx.db.dialect;
  const due = timestamp(date.at);
  const born = timestamp(state.timestamp);
  return {
    id: ctx.ids.next(),
    created: born,
    updated: born,
    name: runName(Math.random),
    flow_id: deployment.flow_id,
    flow_version: null,
    deployment_id: deployment.id,
    deployment_version: deployment.version,
    work_queue_id: deployment.work_queue_id,
    work_queue_name: deployment.work_queue_name,
    parameters: JSON.stringify({ ...read(deployment.parameters), ...read(schedule.parameters) }),
    idempotency_key: `scheduled ${deployment.id} ${schedule.id} ${date.printed}`,
    context: "{}",
    empirical_policy: JSON.stringify(defaultPolicy()),
    tags: JSON.stringify(["auto-scheduled", ...(parseJson(deployment.tags) as string[])]),
    labels: JSON.stringify({
      ...read(deployment.labels),
      "prefect.flow.id": deployment.flow_id,
      "prefect.deployment.id": deployment.id,
    }),
    created_by: JSON.stringify({ id: schedule.id, type: "SCHEDULE", display_value: schedule.slug || kindOf(schedule) }),
    parent_task_run_id: null,
    infrastructure_document_id: deployment.infrastructure_document_id,
    job_variables: "{}",
    auto_scheduled: true,
    state_id: state.id,
    state_type: state.type,
    state_name: state.name,
    state_timestamp: born,
    run_count: 0,
    expected_start_time: due,
    next_scheduled_start_time: due,
    start_time: null,
    end_time: null,
    total_run_time: interval(0),
  };
}

const read = (text: string | null) => (text === null ? {} : (parseJson(text) as object));

/** The name of the schedule's class in Python, which is what people see where it has no slug. */
function kindOf(row: DeploymentScheduleRow): string {
  const schedule = parseJson(row.schedule) as ScheduleOutput;
  if ("interval" in schedule) return "IntervalSchedule";
  return "rrule" in schedule ? "RRuleSchedule" : "CronSchedule";
}
