import type { SeedDialect } from "./dialect.ts";

/** How much to make. */
export interface SeedSizes {
  readonly flowRuns: number;
  readonly taskRuns: number;
  readonly events: number;
  readonly logs: number;
  readonly artifacts: number;
  /** The runs are spread evenly over the days before `nowMs`. */
  readonly days: number;
  readonly nowMs: number;
}

const FLOWS = 100;
const DEPLOYMENTS = 500;
const QUEUES = 20;
const POOLS = 5;
const KEYS = 500;
const DAY_MS = 86_400_000;
/** Of all flow runs: one in 100 is still to come, the newest three in 1000 are under way. */
const FUTURE = 0.01;
const ACTIVE = 0.003;

/** One statement's worth of rows: columns by name, as expressions of the row number `i`. */
export interface SeedTable {
  readonly table: string;
  readonly rows: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** When things happen. */
function timing({ flowRuns, days, nowMs }: SeedSizes) {
  const past = Math.max(1, flowRuns - Math.ceil(flowRuns * FUTURE));
  const stepMs = Math.max(1, Math.floor((days * DAY_MS) / past));
  const active = Math.max(10, Math.ceil(flowRuns * ACTIVE));
  const startMs = nowMs - past * stepMs;
  const ms = (run: string) =>
    `case when ${run} < ${past} then ${startMs} + (${run}) * ${stepMs} else ${nowMs} + (${run} - ${past}) * 60000 end`;
  return { past, firstActive: past - active, ms, startMs, stepMs };
}

/** Every table, parents first. */
export function seedTables(sql: SeedDialect, sizes: SeedSizes): readonly SeedTable[] {
  const now = sql.time(String(sizes.nowMs));
  return [...fewRows(sql, now), ...manyRows(sql, sizes)];
}

function fewRows(sql: SeedDialect, now: string): readonly SeedTable[] {
  const dates = { created: now, updated: now };
  return [
    { table: "flow", rows: FLOWS, columns: { id: sql.id("f10", "i"), ...dates, name: "'flow-' || i" } },
    {
      table: "work_pool",
      rows: POOLS,
      columns: {
        ...{ id: sql.id("200", "i"), ...dates, name: "'pool-' || i", type: "'process'" },
        default_queue_id: sql.id("100", "i"),
      },
    },
    {
      table: "work_queue",
      rows: QUEUES,
      columns: {
        ...{ id: sql.id("100", "i"), ...dates, name: "'queue-' || i" },
        ...{ work_pool_id: sql.id("200", `i % ${POOLS}`), last_polled: now },
      },
    },
    {
      table: "deployment",
      rows: DEPLOYMENTS,
      columns: {
        ...{ id: sql.id("de0", "i"), ...dates, name: "'deployment-' || i", flow_id: sql.id("f10", `i % ${FLOWS}`) },
        ...{ work_queue_id: sql.id("100", `i % ${QUEUES}`), work_queue_name: `'queue-' || (i % ${QUEUES})` },
        tags: sql.json(`case when i % 5 = 0 then '["nightly"]' else '[]' end`),
      },
    },
  ];
}

function manyRows(sql: SeedDialect, sizes: SeedSizes): readonly SeedTable[] {
  const { ms, past } = timing(sizes);
  const perRun = (rows: number) => Math.max(1, Math.floor(rows / past));
  const tasks = { perRun: perRun(sizes.taskRuns), rows: sizes.taskRuns };
  const taskRun = (n: string) => sql.id("7a5", n, ms(`((${n}) / ${tasks.perRun})`));
  return [
    flowRuns(sql, sizes, (run) => taskRun(`(${run}) * ${tasks.perRun}`)),
    ...[0, 1, 2].map((step) => flowRunStates(sql, sizes, step)),
    ...taskRuns(sql, sizes, tasks.perRun),
    ...events(sql, sizes, perRun(sizes.events)),
    logs(sql, sizes, perRun(sizes.logs)),
    ...artifacts(sql, sizes, Math.max(1, Math.floor(past / sizes.artifacts))),
  ];
}

/** What a run has come to: mostly an end, for the newest ones an activity, for the ones ahead a plan. */
function stateType(sizes: SeedSizes): string {
  const { past, firstActive } = timing(sizes);
  return `case when i >= ${past} then 'SCHEDULED'
    when i >= ${firstActive} then (case when i % 20 < 11 then 'RUNNING' when i % 20 < 15 then 'PENDING'
      when i % 20 < 18 then 'SCHEDULED' when i % 20 = 18 then 'PAUSED' else 'CANCELLING' end)
    when i * 7919 % 100 < 88 then 'COMPLETED' when i * 7919 % 100 < 94 then 'FAILED'
    when i * 7919 % 100 < 97 then 'CRASHED' else 'CANCELLED' end`;
}

const stateName = (type: string, late: string) =>
  `case when ${late} then 'Late' else upper(substr(${type}, 1, 1)) || lower(substr(${type}, 2)) end`;

function flowRuns(sql: SeedDialect, sizes: SeedSizes, taskRun: (run: string) => string): SeedTable {
  const { past, firstActive, ms } = timing(sizes);
  const type = stateType(sizes);
  const [isLate, hasDeployment] = [`i < ${past} and (${type}) = 'SCHEDULED'`, "i % 10 < 8"];
  const [at, isDone] = [ms("i"), `i < ${firstActive}`];
  return {
    table: "flow_run",
    rows: sizes.flowRuns,
    columns: {
      ...{ id: sql.id("f12", "i", at), created: sql.time(at), updated: sql.time(at), name: `'run-' || (i % 100000)` },
      ...{ state_type: sql.stateType(type), state_name: stateName(`(${type})`, isLate), state_timestamp: sql.time(at) },
      ...{ run_count: "1", expected_start_time: sql.time(at), total_run_time: sql.seconds("i % 100") },
      next_scheduled_start_time: `case when (${type}) = 'SCHEDULED' then ${sql.time(at)} end`,
      start_time: `case when i < ${past} and not (${isLate}) then ${sql.time(`(${at}) + i % 3000`)} end`,
      end_time: `case when ${isDone} then ${sql.time(`(${at}) + 3000 + (i % 100) * 1000`)} end`,
      tags: sql.json(`case i % 10 when 0 then '["nightly"]' when 1 then '["nightly", "production"]' else '[]' end`),
      flow_id: sql.id("f10", `i % ${FLOWS}`),
      deployment_id: `case when ${hasDeployment} then ${sql.id("de0", `i % ${DEPLOYMENTS}`)} end`,
      work_queue_id: `case when ${hasDeployment} then ${sql.id("100", `i % ${QUEUES}`)} end`,
      work_queue_name: `case when ${hasDeployment} then 'queue-' || (i % ${QUEUES}) end`,
      parent_task_run_id: `case when i % 20 = 19 and i < ${past} then ${taskRun("i - 1")} end`,
      state_id: sql.id("5f2", "i", at),
      parameters: sql.json(`'{"x": ' || (i % 1000) || ', "name": "value"}'`),
      auto_scheduled: `${hasDeployment}`,
    },
  };
}

/** Scheduled, Pending and the current one. */
function flowRunStates(sql: SeedDialect, sizes: SeedSizes, step: number): SeedTable {
  const { ms } = timing(sizes);
  const type = ["'SCHEDULED'", "'PENDING'", `(${stateType(sizes)})`][step] as string;
  const at = sql.time(`(${ms("i")}) + ${step * 500}`);
  return {
    table: "flow_run_state",
    rows: sizes.flowRuns,
    columns: {
      ...{ id: sql.id(`5f${step}`, "i", ms("i")), created: at, updated: at, type: sql.stateType(type) },
      ...{ timestamp: at, name: stateName(type, "false"), flow_run_id: sql.id("f12", "i", ms("i")) },
    },
  };
}

function taskRuns(sql: SeedDialect, sizes: SeedSizes, perRun: number): readonly SeedTable[] {
  const run = `(i / ${perRun})`;
  const at = timing(sizes).ms(run);
  const type =
    "case when i * 7919 % 100 < 92 then 'COMPLETED' when i * 7919 % 100 < 97 then 'FAILED' else 'CRASHED' end";
  const stateColumns = { type: sql.stateType(type), name: stateName(`(${type})`, "false") };
  const [begun, ended] = [sql.time(`(${at}) + 1000`), sql.time(`(${at}) + 3000`)];
  const dates = { created: begun, updated: begun };
  return [
    {
      table: "task_run",
      rows: sizes.taskRuns,
      columns: {
        ...{ id: sql.id("7a5", "i", at), ...dates, name: `'task-' || (i % 1000)`, state_type: stateColumns.type },
        ...{ state_name: stateColumns.name, state_timestamp: ended, run_count: "1", expected_start_time: begun },
        ...{ start_time: begun, end_time: ended, total_run_time: sql.seconds("2"), task_key: `'task-' || (i % 20)` },
        ...{ dynamic_key: "cast(i as varchar)", state_id: sql.id("57a", "i", at), flow_run_id: sql.id("f12", run, at) },
      },
    },
    {
      table: "task_run_state",
      rows: sizes.taskRuns,
      columns: {
        ...{ id: sql.id("57a", "i", at), ...dates, ...stateColumns, timestamp: ended },
        task_run_id: sql.id("7a5", "i", at),
      },
    },
  ];
}

function events(sql: SeedDialect, sizes: SeedSizes, perRun: number): readonly SeedTable[] {
  const run = `(i / ${perRun})`;
  const at = timing(sizes).ms(run);
  const time = sql.time(`(${at}) + i % ${perRun} * 700`);
  const dates = { created: time, updated: time };
  const eventId = sql.id("e0e", "i", at);
  const isTask = "i % 10 > 3";
  const resourceId = `(case when ${isTask} then 'prefect.task-run.' || ${sql.idText("7a5", "i", at)}
    else 'prefect.flow-run.' || ${sql.idText("f12", run, at)} end)`;
  const deployment = `('prefect.deployment.' || ${sql.idText("de0", `${run} % ${DEPLOYMENTS}`)})`;
  const label = `case when ${isTask} then 'task-' || (i % 20) else 'run-' || (${run} % 100000) end`;
  const resource = `'{"prefect.resource.id": "' || ${resourceId} || '", "prefect.resource.name": "' || (${label}) ||
    '", "prefect.state-type": "COMPLETED", "prefect.state-name": "Completed"}'`;
  const related = `'{"prefect.resource.id": "' || ${deployment} || '", "prefect.resource.role": "deployment",
    "prefect.resource.name": "deployment"}'`;
  const kind = `case i % 10 when 0 then 'prefect.flow-run.Pending' when 1 then 'prefect.flow-run.Running'
    when 2 then 'prefect.flow-run.Completed' when 3 then 'prefect.flow-run.heartbeat'
    when 4 then 'prefect.task-run.Pending' when 5 then 'prefect.task-run.Running'
    when 6 then 'prefect.task-run.Completed' when 7 then 'prefect.task-run.Pending'
    when 8 then 'prefect.task-run.Running' else 'prefect.task-run.Completed' end`;
  const resourceRow = (kindOfId: string, columns: Readonly<Record<string, string>>): SeedTable => ({
    table: "event_resources",
    rows: sizes.events,
    columns: { id: sql.id(kindOfId, "i", at), ...dates, event_id: eventId, occurred: time, ...columns },
  });
  return [
    {
      table: "events",
      rows: sizes.events,
      columns: {
        ...{ id: eventId, ...dates, occurred: time, received: time, recorded: time, event: kind },
        ...{ resource_id: resourceId, resource: sql.json(resource) },
        ...{
          related_resource_ids: sql.json(`'["' || ${deployment} || '"]'`),
          related: sql.json(`'[' || ${related} || ']'`),
        },
        payload: sql.json(`'{"intended": {"from": "PENDING", "to": "RUNNING"}, "number": ' || i || '}'`),
      },
    },
    resourceRow("e1e", { resource_id: resourceId, resource_role: "''", resource: jsonColumn(sql, resource) }),
    resourceRow("e2e", { resource_id: deployment, resource_role: "'deployment'", resource: jsonColumn(sql, related) }),
  ];
}

/** A column of type `json` on PostgreSQL takes `jsonb` by assignment only through its text. */
const jsonColumn = (sql: SeedDialect, text: string) => (sql.yes === "1" ? text : `(${text})::json`);

function logs(sql: SeedDialect, sizes: SeedSizes, perRun: number): SeedTable {
  const run = `(i / ${perRun})`;
  const at = timing(sizes).ms(run);
  const time = sql.time(`(${at}) + i % ${perRun} * 10`);
  return {
    table: "log",
    rows: sizes.logs,
    columns: {
      ...{ id: sql.id("106", "i", at), created: time, updated: time, name: "'prefect.flow_runs'", level: "20" },
      ...{ message: "'Line ' || i || ' of what a run has to say'", timestamp: time },
      flow_run_id: sql.id("f12", run, at),
    },
  };
}

function artifacts(sql: SeedDialect, sizes: SeedSizes, everyRuns: number): readonly SeedTable[] {
  const run = `(i * ${everyRuns})`;
  const ms = timing(sizes).ms(run);
  const at = sql.time(ms);
  const content = {
    ...{ created: at, updated: at, key: `'key-' || (i % ${KEYS})`, type: "'markdown'" },
    ...{ data: jsonColumn(sql, `'"# Report ' || i || '"'`), flow_run_id: sql.id("f12", run, ms) },
  };
  const latest = { id: sql.id("a2f", "i"), latest_id: sql.id("a1f", "i", ms), ...content };
  return [
    { table: "artifact", rows: sizes.artifacts, columns: { id: sql.id("a1f", "i", ms), ...content } },
    { table: "artifact_collection", rows: Math.min(KEYS, sizes.artifacts), columns: latest },
  ];
}
