/** What is said of a table whose rows are counted by the hour: in which column their hour is, and in which their label. */
interface CountedTable {
  readonly table: string;
  readonly time: string;
  readonly label: string;
  /** Of `prefect_ts_hour_count`. */
  readonly subjects: readonly string[];
}

/** Task runs are counted a second time in the hour of their flow run: `flow_run_task_run`. */
const OF_FLOW_RUN = "flow_run_task_run";

const tables: readonly CountedTable[] = [
  { table: "flow_run", time: "expected_start_time", label: "state_type", subjects: ["flow_run", OF_FLOW_RUN] },
  { table: "task_run", time: "expected_start_time", label: "state_type", subjects: ["task_run"] },
  { table: "events", time: "occurred", label: "event", subjects: ["events"] },
];

/** What tells of one table that counts of an hour no longer hold; statements by the name of what they make. */
export interface HourWatch {
  readonly table: string;
  readonly subjects: readonly string[];
  readonly functions: Readonly<Record<string, string>>;
  readonly triggers: Readonly<Record<string, string>>;
}

export function hourWatches(dialect: "sqlite" | "postgres"): readonly HourWatch[] {
  return tables.map((counted) => (dialect === "sqlite" ? sqliteWatch(counted) : postgresWatch(counted)));
}

type Statements = Readonly<Record<string, string>>;

/** `"insert": "body"` as `prefect_ts_<table>_insert: <statement>`. */
function named(table: string, statements: Statements, make: (name: string, text: string) => string): Statements {
  const entries = Object.entries(statements).map(([what, text]) => {
    const name = `prefect_ts_hours_${table}_${what}`;
    return [name, make(name, text)] as const;
  });
  return Object.fromEntries(entries);
}

const texts = (values: readonly string[]) => values.map((value) => `'${value}'`).join(", ");

/**
 * On SQLite writers wait for each other, so that a change and a count are never under way at once: an hour that changes
 * is no longer counted. Python's SQLite may be an old one, without newer functions.
 */
function sqliteWatch({ table, time, label, subjects }: CountedTable): HourWatch {
  const hour = (moment: string) => `strftime('%s', substr(${moment}, 1, 19)) / 3600`;
  // As text, which is how times are stored: what is newer is not counted yet (`settledHour`).
  const isOld = (moment: string) => `${moment} < strftime('%Y-%m-%d %H:%M:%S', 'now', '-1 hour')`;
  const forget = (of: readonly string[], hours: string) =>
    `delete from prefect_ts_hour_count where subject in (${texts(of)}) and label = '' and hour in (${hours});`;
  const trigger = (on: string, when: string, body: string) => `after ${on} on ${table} when ${when} begin ${body} end`;
  const [before, after] = [`old.${time}`, `new.${time}`];
  const isChanged = `(${before} is not ${after} or old.${label} is not new.${label})`;
  const ofFlowRuns = (ids: string) =>
    forget(
      [OF_FLOW_RUN],
      `select ${hour("expected_start_time")} from flow_run where id in (${ids}) and ${isOld("expected_start_time")}`,
    );
  const triggers = {
    insert: trigger("insert", isOld(after), forget(subjects, hour(after))),
    delete: trigger("delete", isOld(before), forget(subjects, hour(before))),
    update: trigger(
      `update of ${time}, ${label}`,
      `${isChanged} and (${isOld(before)} or ${isOld(after)})`,
      forget(subjects, `${hour(before)}, ${hour(after)}`),
    ),
    ...(table === "task_run" && {
      insert_parent: trigger("insert", "new.flow_run_id is not null", ofFlowRuns("new.flow_run_id")),
      delete_parent: trigger("delete", "old.flow_run_id is not null", ofFlowRuns("old.flow_run_id")),
      move: trigger(
        "update of flow_run_id",
        "old.flow_run_id is not new.flow_run_id",
        ofFlowRuns("old.flow_run_id, new.flow_run_id"),
      ),
    }),
  };
  return {
    table,
    subjects,
    functions: {},
    triggers: named(table, triggers, (name, text) => `create trigger ${name} ${text}`),
  };
}

/**
 * On PostgreSQL a count may not see a change whose transaction is still open. So the change adds a row, which nobody
 * waits for; whoever counts removes the rows it sees, and only then looks. What is newer than an hour is not counted yet.
 */
function postgresWatch({ table, time, label, subjects }: CountedTable): HourWatch {
  const hour = (moment: string) => `floor(extract(epoch from ${moment}) / 3600)::integer`;
  const isOld = (moment: string) => `${moment} < clock_timestamp() - interval '1 hour'`;
  const mark = (of: readonly string[], hours: string) =>
    `insert into prefect_ts_stale_hour (subject, hour)
      select distinct subject, hour from unnest(array[${texts(of)}]) as subject, (${hours}) as changed_hours (hour)
      where hour is not null;`;
  const ofFlowRuns = (rows: string) =>
    mark(
      [OF_FLOW_RUN],
      `select ${hour("f.expected_start_time")} from flow_run f where f.id in (${rows})
      and ${isOld("f.expected_start_time")}`,
    );
  const isTaskRun = table === "task_run";

  const functions = {
    row: mark(subjects, `values (${hour(`old.${time}`)}), (${hour(`new.${time}`)})`),
    rows: mark(subjects, `select ${hour(time)} from changed where ${isOld(time)}`),
    all: mark(subjects, `select distinct hour from prefect_ts_hour_count where subject in (${texts(subjects)})`),
    ...(isTaskRun && {
      parents: ofFlowRuns("select flow_run_id from changed"),
      move: ofFlowRuns("old.flow_run_id, new.flow_run_id"),
    }),
  };
  const call = (what: keyof typeof functions) => `execute function prefect_ts_hours_${table}_${what}()`;
  const changed = { insert: "referencing new table as changed", delete: "referencing old table as changed" };
  const triggers = {
    insert: `after insert on ${table} for each row when (${isOld(`new.${time}`)}) ${call("row")}`,
    update: `after update of ${time}, ${label} on ${table} for each row
      when ((old.${time} is distinct from new.${time} or old.${label} is distinct from new.${label})
        and ${isOld(`least(old.${time}, new.${time})`)}) ${call("row")}`,
    delete: `after delete on ${table} ${changed.delete} for each statement ${call("rows")}`,
    truncate: `after truncate on ${table} for each statement ${call("all")}`,
    ...(isTaskRun && {
      insert_parents: `after insert on task_run ${changed.insert} for each statement ${call("parents")}`,
      delete_parents: `after delete on task_run ${changed.delete} for each statement ${call("parents")}`,
      move: `after update of flow_run_id on task_run for each row
        when (old.flow_run_id is distinct from new.flow_run_id) ${call("move")}`,
    }),
  };
  return {
    table,
    subjects,
    functions: named(
      table,
      functions,
      (name, body) =>
        `create or replace function ${name}() returns trigger language plpgsql as $$ begin ${body} return null; end $$`,
    ),
    triggers: named(table, triggers, (name, text) => `create trigger ${name} ${text}`),
  };
}
