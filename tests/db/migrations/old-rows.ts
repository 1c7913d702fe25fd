import { DatabaseSync } from "node:sqlite";
import { onPostgres } from "../../support/postgres.ts";

type Row = Readonly<Record<string, string | number | boolean | null>>;

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const at = (minute: number) => `2024-12-01 10:${String(minute).padStart(2, "0")}:00.123456`;
const json = (value: unknown) => JSON.stringify(value);

const TRIGGER = json({ type: "event", expect: ["a.b"], posture: "Reactive", threshold: 1, within: 0 });

const states = (owner: string) => [
  { id: id(40), type: "SCHEDULED", name: "Scheduled", timestamp: at(1), state_details: json({}), [owner]: id(20) },
  { id: id(41), type: "COMPLETED", name: "Completed", timestamp: at(2), data: json({ a: 1.0 }), [owner]: id(20) },
];

/** Rows for every table of Prefect 3.1.7, among them all that its later migrations look at. */
export const oldRows: Readonly<Record<string, readonly Row[]>> = {
  flow: [{ id: id(1), name: "a flow", tags: json(["x"]), labels: json({ k: "v" }) }],
  block_type: [{ id: id(2), name: "A block", slug: "a-block-of-ours" }],
  block_schema: [
    { id: id(3), checksum: "sha256:1", block_type_id: id(2), fields: json({ type: "object" }) },
    { id: id(4), checksum: "sha256:2", block_type_id: id(2) },
  ],
  block_schema_reference: [{ name: "inner", parent_block_schema_id: id(3), reference_block_schema_id: id(4) }],
  block_document: [
    { id: id(5), name: "one", block_schema_id: id(3), block_type_id: id(2), block_type_name: "A block" },
    { id: id(6), name: "two", block_schema_id: id(3), block_type_id: id(2), data: json({ secret: "gAAAA" }) },
  ],
  block_document_reference: [
    { id: id(7), name: "kept", parent_block_document_id: id(5), reference_block_document_id: id(6) },
    { id: id(8), name: "itself", parent_block_document_id: id(5), reference_block_document_id: id(5) },
  ],
  work_pool: [{ id: id(9), name: "pool", type: "process", last_transitioned_status_at: at(0) }],
  work_queue: [{ id: id(10), name: "default", work_pool_id: id(9), last_polled: at(3) }],
  worker: [{ name: "worker", work_pool_id: id(9), last_heartbeat_time: at(3) }],
  agent: [{ name: "agent", work_queue_id: id(10), last_activity_time: at(3) }],
  concurrency_limit: [
    {
      id: id(11),
      tag: "busy",
      concurrency_limit: 3,
      active_slots: json([id(30), id(31)]),
      created: at(1),
      updated: at(2),
    },
    { id: id(12), tag: "idle", concurrency_limit: 5, active_slots: "[]", created: at(1), updated: at(1) },
    { id: id(13), tag: "known", concurrency_limit: 7, active_slots: json([id(32)]), created: at(1), updated: at(1) },
  ],
  concurrency_limit_v2: ["global", "tag:known"].map((name, index) => ({
    id: id(14 + index),
    name,
    active: true,
    limit: 4,
    active_slots: 1,
    denied_slots: 2,
    slot_decay_per_second: 0.5,
    avg_slot_occupancy_seconds: 2.5,
  })),
  deployment: [
    {
      id: id(16),
      name: "deployment",
      flow_id: id(1),
      work_queue_id: id(10),
      concurrency_limit_id: id(14),
      labels: "{}",
    },
  ],
  deployment_schedule: [
    { id: id(17), deployment_id: id(16), active: true, schedule: json({ interval: 60 }) },
    { id: id(18), deployment_id: id(16), active: false, schedule: json({ cron: "* * * * *" }) },
  ],
  flow_run: [
    { id: id(20), name: "run", flow_id: id(1), deployment_id: id(16), state_id: id(41), state_type: "COMPLETED" },
    {
      id: id(21),
      name: "later",
      flow_id: id(1),
      state_type: "SCHEDULED",
      auto_scheduled: true,
      created_by: json({ id: id(17) }),
    },
  ],
  flow_run_state: states("flow_run_id"),
  flow_run_input: [{ key: "k", value: "{}", flow_run_id: id(20) }],
  task_run: [
    { id: id(20), name: "task", task_key: "t", dynamic_key: "0", flow_run_id: id(20), state_id: id(41) },
    { id: id(22), name: "alone", task_key: "t", dynamic_key: "0" },
  ],
  task_run_state: states("task_run_id"),
  task_run_state_cache: [{ cache_key: "c", task_run_state_id: id(41), cache_expiration: at(5) }],
  artifact: [{ id: id(50), key: "report", type: "markdown", data: json("# x"), flow_run_id: id(20) }],
  artifact_collection: [{ key: "report", latest_id: id(50), data: json("# x") }],
  log: [{ name: "prefect", level: 20, message: "hello", timestamp: at(2), flow_run_id: id(20) }],
  variable: [{ name: "v", value: json({ n: 12345678901234567890n.toString() }), tags: "[]" }],
  configuration: [{ key: "c", value: json({ a: 1 }) }],
  saved_search: [{ name: "s", filters: "[]" }],
  csrf_token: [{ token: "t", client: "c", expiration: at(9) }],
  automation: [{ id: id(60), name: "a", description: "", enabled: true, trigger: TRIGGER, actions: "[]" }],
  automation_related_resource: [{ automation_id: id(60), resource_id: "prefect.deployment.x" }],
  automation_bucket: [
    { automation_id: id(60), trigger_id: id(61), bucketing_key: "[]", start: at(1), end: at(2), count: 1 },
  ],
  automation_event_follower: [
    { leader_event_id: id(70), follower_event_id: id(71), received: at(1), follower: "{}", scope: "s" },
  ],
  composite_trigger_child_firing: [
    {
      automation_id: id(60),
      parent_trigger_id: id(61),
      child_trigger_id: id(62),
      child_firing_id: id(63),
      child_firing: "{}",
    },
  ],
  events: [
    {
      id: id(70),
      event: "a.b",
      occurred: at(1),
      received: at(1),
      recorded: at(1),
      resource_id: "r",
      resource: json({ "prefect.resource.id": "r" }),
      payload: "{}",
    },
  ],
  event_resources: [{ event_id: id(70), occurred: at(1), resource_id: "r", resource_role: "", resource: "{}" }],
  flow_run_notification_policy: [
    {
      id: id(80),
      is_active: true,
      state_names: json(["Failed", "Crashed", "Failed"]),
      tags: json(["x", "y"]),
      message_template:
        "{flow_run_name} of {flow_name}: {flow_run_state_message} {{kept}} {flow_run_notification_policy_id}",
      block_document_id: id(5),
    },
    { id: id(81), is_active: false, state_names: "[]", tags: "[]", block_document_id: id(6) },
  ],
  flow_run_notification_queue: [{ flow_run_notification_policy_id: id(80), flow_run_state_id: id(41) }],
};

/** Rows of tables that came later, by the table. */
export const laterRows: Readonly<Record<string, string>> = {
  deployment_version: `insert into deployment_version (id, deployment_id, branch) values ('${id(90)}', '${id(16)}', 'main')`,
  automation_held_event: `insert into automation_held_event (id, automation_id, trigger_id, event_id, occurred)
    values ('${id(91)}', '${id(60)}', '${id(61)}', '${id(70)}', '${at(1)}')`,
};

/** Inserts them into a database in our spelling, as the reference itself writes them. */
export async function insertOldRows(where: string): Promise<void> {
  const isPostgres = where.startsWith("postgresql:");
  const inserts = Object.entries(oldRows).flatMap(([table, rows]) =>
    rows.map((row) => {
      const runTime =
        table === "flow_run" || table === "task_run"
          ? { total_run_time: isPostgres ? "5 s" : "1970-01-01 00:00:05.000000" }
          : {};
      return { table, row: { ...row, ...runTime } as Row };
    }),
  );
  if (isPostgres) return insertIntoPostgres(where, inserts);
  const db = new DatabaseSync(where, { enableForeignKeyConstraints: false });
  for (const { table, row } of inserts) {
    const values = Object.values(row).map((value) => (typeof value === "boolean" ? Number(value) : value));
    const columns = Object.keys(row);
    const text = `insert into "${table}" (${columns.map((name) => `"${name}"`)}) values (${columns.map(() => "?")})`;
    db.prepare(text).run(...values);
  }
  db.close();
}

async function insertIntoPostgres(where: string, inserts: readonly { table: string; row: Row }[]): Promise<void> {
  await onPostgres(where, async (client) => {
    await client.query("set session_replication_role = replica; set time zone 'UTC'");
    for (const { table, row } of inserts) {
      const columns = Object.keys(row);
      await client.query(
        `insert into "${table}" (${columns.map((name) => `"${name}"`)}) values (${columns.map((_, index) => `$${index + 1}`)})`,
        Object.values(row),
      );
    }
  });
}
