/**
 * What SQLite's planner is told of a new database: rows in the index, then rows per value of its first column, of its
 * first two, and so on. Untold, it takes ten rows for any state type and passes over the partial indexes; `PRAGMA optimize`
 * puts measured numbers in their place once tables have grown.
 */
const EXPECTED: readonly (readonly [table: string, index: string, rows: string])[] = [
  ["flow_run", "sqlite_autoindex_flow_run_1", "100000 1"],
  ["flow_run", "uq_flow_run__flow_id_idempotency_key", "100000 2000 100"],
  ["flow_run", "ix_flow_run__coalesce_start_time_expected_start_time_desc", "100000 1"],
  ["flow_run", "ix_flow_run__state_type_coalesce_start_time", "100000 20000 1"],
  ["flow_run", "prefect_ts_ix_flow_run__expected", "100000 1 1 1 1"],
  ["flow_run", "prefect_ts_ix_flow_run__flow", "100000 2000 1 1 1 1"],
  ["flow_run", "prefect_ts_ix_flow_run__upcoming", "2000 20 1"],
  ["flow_run", "prefect_ts_ix_flow_run__due", "2000 1"],
  ["flow_run", "ix_flow_run__scheduler_deployment_id_auto_scheduled_next_schedu", "2000 20 20 1"],
  ["flow_run", "prefect_ts_ix_flow_run__deployment", "80000 1000 1"],
  ["flow_run", "prefect_ts_ix_flow_run__work_queue", "80000 8000 2000 100 100"],
  ["flow_run", "prefect_ts_ix_flow_run__parent", "10000 1"],
  ["flow_run", "ix_flow_run__state_id", "100000 1"],
  ["task_run", "sqlite_autoindex_task_run_1", "1000000 1"],
  ["task_run", "uq_task_run__flow_run_id_task_key_dynamic_key", "1000000 10 5 1"],
  ["task_run", "ix_task_run__state_type_start_time", "1000000 200000 1"],
  ["task_run", "ix_task_run__expected_start_time_desc", "1000000 1"],
  ["task_run", "prefect_ts_ix_task_run__flow_run", "1000000 10 1 1 1"],
  ["log", "ix_log__flow_run_id_timestamp", "1000000 50 1"],
  ["log", "prefect_ts_ix_log__task_run", "500000 10 1"],
  ["events", "prefect_ts_ix_events__occurred", "1000000 1 1 1"],
  ["events", "ix_events__event_occurred_id", "1000000 50000 1 1"],
  ["event_resources", "ix_event_resources__resource_id__occurred", "3000000 30 1"],
  ["event_resources", "ix_event_resources__event_id", "3000000 3"],
];

/** The statements that store these numbers and make this connection's planner read them. */
export const storeStatistics: readonly string[] = [
  "ANALYZE sqlite_schema",
  `INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ${EXPECTED.map((row) => `('${row.join("', '")}')`).join(", ")}`,
  "ANALYZE sqlite_schema",
];
