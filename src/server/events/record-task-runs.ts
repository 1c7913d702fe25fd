import type { Db } from "../../db/database.ts";
import type { Dialect } from "../../db/dialects/dialect.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import {
  findExistingFlowRuns,
  insertTaskRunStates,
  insertTaskRuns,
  lockTaskRuns,
  updateTaskRun,
  type WrittenTaskRun,
} from "../../db/repositories/recorded-task-runs.ts";
import type { Row } from "../../db/tables.ts";
import { isTaskRunReport, type TaskRunEventReport, taskRunReport } from "../../domain/events/task-run-report.ts";
import { mergeTaskRunReport, type StateColumns } from "../../domain/orchestration/task-run-merge.ts";
import type { ServerContext } from "../context.ts";

type RecorderContext = Pick<ServerContext, "clock" | "db" | "log">;
type TaskRunRow = Row<"task_run">;

/** A task run being put together from what is stored and what the batch reports. */
interface Draft {
  row: TaskRunRow;
  readonly isNew: boolean;
  isChanged: boolean;
}

/**
 * Turns `prefect.task-run.*` events of clients that orchestrate their own tasks into task runs and their states, in the
 * transaction that stores the events. Order and repetition do not matter. A report whose flow run is gone makes nothing.
 */
export async function recordTaskRuns(ctx: RecorderContext, tx: Db, events: readonly NewEvent[]): Promise<void> {
  const reports = readReports(ctx, events);
  if (reports.length === 0) return;
  const flowRunIds = new Set(reports.flatMap((report) => report.flow_run_id ?? []));
  const existing = await findExistingFlowRuns(tx, [...flowRunIds]);
  const wanted = reports.filter(({ flow_run_id }) => flow_run_id === null || existing.has(flow_run_id));
  if (wanted.length === 0) return;

  const now = ctx.clock.now();
  const drafts = indexDrafts(await lockTaskRuns(tx, wanted));
  const states = wanted.map((report) => mergeInto(drafts, report, now));
  await writeDrafts(ctx, tx, { drafts: [...new Set(drafts.values())], now });
  await insertTaskRunStates(
    tx,
    states.map((state) => stateRow(ctx.db.dialect, state, now)),
  );
}

function readReports(ctx: RecorderContext, events: readonly NewEvent[]): TaskRunEventReport[] {
  return events.filter(isTaskRunReport).flatMap((event) => {
    const report = taskRunReport(event);
    if (!report) ctx.log.warn({ event_id: event.id, event: event.event }, "a task run event was not understood");
    return report ?? [];
  });
}

const naturalKey = (run: { flow_run_id: string | null; task_key: string; dynamic_key: string }) =>
  run.flow_run_id === null ? undefined : JSON.stringify([run.flow_run_id, run.task_key, run.dynamic_key]);

function indexDrafts(rows: readonly TaskRunRow[]): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const row of rows) index(drafts, { row, isNew: false, isChanged: false });
  return drafts;
}

function index(drafts: Map<string, Draft>, draft: Draft): void {
  drafts.set(draft.row.id, draft);
  const key = naturalKey(draft.row);
  if (key !== undefined) drafts.set(key, draft);
}

interface ReportedState {
  readonly taskRunId: string;
  readonly report: TaskRunEventReport;
}

/** The id that first held a natural key stays the run's id; later reports under another id belong to it too. */
function mergeInto(drafts: Map<string, Draft>, report: TaskRunEventReport, now: string): ReportedState {
  const key = naturalKey(report);
  let draft = (key === undefined ? undefined : drafts.get(key)) ?? drafts.get(report.id);
  if (!draft) {
    draft = { row: emptyRow(report, now), isNew: true, isChanged: true };
    index(drafts, draft);
  }
  const { id, type, name, timestamp } = report.state;
  const stored = draft.row.state_id === null ? undefined : (draft.row as StateColumns);
  const state = { id, type, name: name ?? "", timestamp };
  const changes = mergeTaskRunReport(stored, { columns: rowColumns(report.columns), state });
  if (changes) {
    draft.row = { ...draft.row, ...changes };
    draft.isChanged = true;
  }
  return { taskRunId: draft.row.id, report };
}

/** The reported columns in the forms a row has: JSON as text. */
function rowColumns(columns: TaskRunEventReport["columns"]): Record<string, unknown> {
  const { empirical_policy, task_inputs, tags, labels, ...plain } = columns;
  const json = Object.entries({ empirical_policy, task_inputs, tags, labels }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...plain, ...Object.fromEntries(json.map(([column, value]) => [column, JSON.stringify(value)])) };
}

function emptyRow(report: TaskRunEventReport, now: string): TaskRunRow {
  const { id, flow_run_id, task_key, dynamic_key } = report;
  return {
    id,
    created: now,
    updated: now,
    name: "",
    flow_run_id,
    task_key,
    dynamic_key,
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: "{}",
    task_inputs: "{}",
    tags: "[]",
    labels: "{}",
    state_id: null,
    state_type: null,
    state_name: null,
    state_timestamp: null,
    run_count: 0,
    flow_run_run_count: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    start_time: null,
    end_time: null,
    total_run_time: 0,
  };
}

async function writeDrafts(
  ctx: RecorderContext,
  tx: Db,
  { drafts, now }: { readonly drafts: readonly Draft[]; readonly now: string },
): Promise<void> {
  const changed = drafts.filter((draft) => draft.isChanged);
  const written = (draft: Draft) => writtenRow(ctx.db.dialect, { ...draft.row, updated: now });
  await insertTaskRuns(tx, changed.filter((draft) => draft.isNew).map(written));
  for (const draft of changed) if (!draft.isNew) await updateTaskRun(tx, written(draft));
}

function writtenRow({ timestamp, interval }: Dialect, row: TaskRunRow): WrittenTaskRun {
  const time = (value: string | null) => (value === null ? null : timestamp(value));
  return {
    ...row,
    created: timestamp(row.created),
    updated: timestamp(row.updated),
    cache_expiration: time(row.cache_expiration),
    state_timestamp: time(row.state_timestamp),
    expected_start_time: time(row.expected_start_time),
    next_scheduled_start_time: time(row.next_scheduled_start_time),
    start_time: time(row.start_time),
    end_time: time(row.end_time),
    total_run_time: interval(row.total_run_time),
  };
}

function stateRow({ timestamp }: Dialect, { taskRunId, report }: ReportedState, now: string) {
  const { state } = report;
  return {
    id: state.id,
    created: timestamp(now),
    updated: timestamp(now),
    type: state.type,
    timestamp: state.timestamp,
    name: state.name ?? "",
    message: state.message,
    state_details: JSON.stringify({ ...state.state_details, task_run_id: taskRunId }),
    data: state.data === null ? null : JSON.stringify(state.data),
    task_run_id: taskRunId,
    result_artifact_id: null,
  };
}
