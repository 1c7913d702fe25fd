import { type DeploymentScheduleRow, listDeploymentSchedules } from "../../db/repositories/deployment-schedules.ts";
import { insertFlowRunStates, type NewFlowRunState } from "../../db/repositories/flow-run-states.ts";
import { insertKeyedFlowRuns, type NewFlowRun, setFirstStates } from "../../db/repositories/flow-runs.ts";
import {
  type DeploymentTemplate,
  findKnownKeys,
  listDeploymentTemplates,
  lockSchedules,
} from "../../db/repositories/scheduled-runs.ts";
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
import { stateRow } from "./state-row.ts";

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
 * left alone. A schedule that cannot be read is logged and passed over.
 * @param pages ids of deployments, as many at once as are looked at together
 * @returns how many runs are new
 */
export async function scheduleRuns(ctx: ServerContext, pages: Pages, horizon: Horizon): Promise<number> {
  const batchSize = ctx.settings.server.services.scheduler.insert_batch_size;
  const drafts: RunDraft[] = [];
  let made = 0;
  for await (const ids of pages) {
    drafts.push(...(await leaveOutKnown(ctx, await draftRuns(ctx, ids, horizon))));
    while (drafts.length >= batchSize) made += await insertRuns(ctx, drafts.splice(0, batchSize));
  }
  return drafts.length === 0 ? made : made + (await insertRuns(ctx, drafts));
}

type Pages = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

interface RunDraft {
  readonly deployment: DeploymentTemplate;
  readonly schedule: DeploymentScheduleRow;
  readonly date: ScheduledDate;
  readonly key: string;
}

async function draftRuns(ctx: ServerContext, ids: readonly string[], horizon: Horizon): Promise<readonly RunDraft[]> {
  const deployments = new Map((await listDeploymentTemplates(ctx.db.read, ids)).map((row) => [row.id, row]));
  const schedules = await listDeploymentSchedules(ctx.db.read, ids);
  const drafts: RunDraft[] = [];
  for (const schedule of schedules) {
    const deployment = deployments.get(schedule.deployment_id);
    if (!deployment || !schedule.active) continue;
    try {
      for (const date of datesOf(schedule, horizon)) {
        drafts.push({ deployment, schedule, date, key: `scheduled ${deployment.id} ${schedule.id} ${date.printed}` });
      }
    } catch (error) {
      ctx.log.error({ err: error, deployment_id: deployment.id }, "a deployment could not be scheduled");
    }
  }
  return drafts;
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

/** Most runs that a schedule asks for have been made before: to look is cheaper than to try. */
async function leaveOutKnown(ctx: ServerContext, drafts: readonly RunDraft[]): Promise<readonly RunDraft[]> {
  if (drafts.length === 0) return drafts;
  const keys = drafts.map(({ deployment, key }) => ({ flow_id: deployment.flow_id, idempotency_key: key }));
  const known = await findKnownKeys(ctx.db.read, keys);
  return drafts.filter(({ key }) => !known.has(key));
}

/** What was changed since it was read has lost its runs in that moment, and gets none of what it was. */
async function insertRuns(ctx: ServerContext, drafts: readonly RunDraft[]): Promise<number> {
  return await ctx.db.write(async (tx) => {
    const locked = await lockSchedules(tx, [...new Set(drafts.map(({ schedule }) => schedule.id))]);
    const stands = new Map(locked.map((stand) => [stand.id, stand]));
    const isCurrent = ({ schedule, deployment }: RunDraft) => {
      const stand = stands.get(schedule.id);
      return stand?.updated === schedule.updated && stand.deployment_updated === deployment.updated;
    };
    const runs = drafts.filter(isCurrent).map((draft) => newRun(ctx, draft));
    const made = new Set(
      await insertKeyedFlowRuns(
        tx,
        runs.map(({ row }) => row),
      ),
    );
    if (made.size === 0) return 0;
    await insertFlowRunStates(
      tx,
      runs.flatMap(({ row, state }) => (made.has(row.id) ? [state] : [])),
    );
    await setFirstStates(tx, [...made]);
    return made.size;
  });
}

function newRun(ctx: ServerContext, draft: RunDraft): { readonly row: NewFlowRun; readonly state: NewFlowRunState } {
  const now = ctx.clock.now();
  const fields = {
    type: "SCHEDULED",
    message: "Flow run scheduled",
    state_details: { scheduled_time: draft.date.at },
  } as const;
  const state = newState(fields, { now, ids: ctx.ids });
  const row = runRow(ctx, draft, state);
  return { row, state: { ...stateRow(ctx, state, now), flow_run_id: row.id, result_artifact_id: null } };
}

const defaultPolicy = emptyOf(FlowRunPolicy);

function runRow(ctx: ServerContext, { deployment, schedule, date, key }: RunDraft, state: State): NewFlowRun {
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
    idempotency_key: key,
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
