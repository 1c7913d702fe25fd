import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { countSettledHours } from "../../src/db/count-settled-hours.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { dialectOf } from "../../src/db/dialects/dialect.ts";
import { runMakeover } from "../../src/db/migrations/change-revision.ts";
import { dropSchema } from "../../src/db/migrations/drop-schema.ts";
import { migrate } from "../../src/db/migrations/migrate.ts";
import { tallyEvents } from "../../src/db/repositories/event-queries.ts";
import { countFlowRuns } from "../../src/db/repositories/flow-runs.ts";
import { countHours, listCountedHours } from "../../src/db/repositories/hour-counts.ts";
import { countTaskRuns } from "../../src/db/repositories/task-runs.ts";
import { type Timestamp, timestampFromMs } from "../../src/kit/timestamp.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { forEachDatabase } from "../support/for-each-database.ts";
import { postgresUrl } from "../support/postgres.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.now();
/** Of the start of an hour, so that times fall on its edge, too. */
const hoursAgo = (hours: number) => timestampFromMs(Math.floor(NOW_MS / HOUR_MS - hours) * HOUR_MS);

const hours = fc.integer({ min: -2, max: 30 });
const place = fc.nat({ max: 9 });
const runState = fc.constantFrom("SCHEDULED", "RUNNING", "COMPLETED", "FAILED");
/** What any writer may do, ours or the reference's; `at` picks one of the rows there are. */
const change = fc.oneof(
  fc.record({ does: fc.constant("insert flow run"), hours: fc.option(hours), state: fc.option(runState) }),
  fc.record({ does: fc.constant("insert task run"), hours: fc.option(hours), state: runState, at: fc.option(place) }),
  fc.record({ does: fc.constant("insert event"), hours, at: place }),
  fc.record({
    does: fc.constant("set state"),
    of: fc.constantFrom("flow_run", "task_run"),
    at: place,
    state: runState,
  }),
  fc.record({ does: fc.constant("move"), of: fc.constantFrom("flow_run", "task_run"), at: place, hours }),
  fc.record({ does: fc.constant("give to another"), at: place, to: place }),
  fc.record({ does: fc.constant("rename event"), at: place, hours }),
  fc.record({ does: fc.constant("delete"), of: fc.constantFrom("flow_run", "task_run", "events", "flow"), at: place }),
  fc.record({ does: fc.constant("delete all"), of: fc.constantFrom("task_run", "events") }),
  fc.record({ does: fc.constant("count") }),
);
/** Of different hours, all of which are counted. */
const PAST = [4, 9, 9, 16, 25].flatMap((ago, at) => [
  { does: "insert flow run", hours: ago, state: "RUNNING" },
  { does: "insert task run", hours: ago - 0.5, state: "RUNNING", at },
  { does: "insert task run", hours: ago, state: "COMPLETED", at },
  { does: "insert event", hours: ago, at },
]);
type Change = typeof change extends fc.Arbitrary<infer C> ? C & Record<string, unknown> : never;

forEachDatabase((open, kind) => {
  test("counts by the hour are what one counts oneself, whoever has written what", async () => {
    await using database = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        for (const table of ["task_run", "flow_run", "flow", "events"])
          await database.write((tx) => sql`delete from ${sql.table(table)}`.execute(tx));
        for (const each of PAST) await apply(database, each as Change);
        await everythingCounted(database);
        for (const each of changes) await apply(database, each as Change);

        expect(await answers(database)).toEqual(await exactAnswers(database));
        await everythingCounted(database);
        expect(await answers(database)).toEqual(await exactAnswers(database));
      }),
      { numRuns: kind === "sqlite" ? 40 : 5 },
    );
  }, 120_000);

  test("a change after the count is seen before the next count", async () => {
    await using database = await open();
    const flowId = await insertFlow(database);
    await insertFlowRun(database, { flowId, time: hoursAgo(5), state: "RUNNING" });
    await everythingCounted(database);
    await database.write((tx) => sql`update flow_run set state_type = 'COMPLETED'`.execute(tx));

    const ofState = (any_: string) =>
      countFlowRuns(database.read, { flow_runs: { state: { type: { any_: [any_] } } } });
    expect([await ofState("RUNNING"), await ofState("COMPLETED")]).toEqual([0, 1]);
  });

  test("counts are made where most rows are, and only of hours long over", async () => {
    await using database = await open();
    const flowId = await insertFlow(database);
    for (const ago of [0, 5, 7, 30]) await insertFlowRun(database, { flowId, time: hoursAgo(ago), state: "COMPLETED" });
    await everythingCounted(database);

    const range = { from: 0, to: 2_000_000_000 };
    const counted = await listCountedHours(database.read, "flow_run", { hours: range, labels: ["COMPLETED"] });
    const hour = Math.floor(NOW_MS / HOUR_MS);
    expect(counted).toHaveLength(1);
    expect(counted[0]?.from).toBe(hour - 30);
    expect(counted[0]?.to).toBeLessThanOrEqual(hour - 1);
    expect(counted[0]?.numbers.get("COMPLETED")).toBe(3);
  });

  test("nothing is counted twice, and what has been deleted is forgotten", async () => {
    await using database = await open();
    const flowId = await insertFlow(database);
    await insertFlowRun(database, { flowId, time: hoursAgo(40), state: "COMPLETED" });
    await insertFlowRun(database, { flowId, time: hoursAgo(10), state: "COMPLETED" });
    expect(await countSettledHours(database)).toBeGreaterThan(30);
    expect(await countSettledHours(database)).toBe(0);
    await database.write((tx) =>
      tx
        .deleteFrom("flow_run")
        .where("expected_start_time", "<", database.dialect.timestamp(hoursAgo(20)))
        .execute(),
    );
    await everythingCounted(database);

    const [{ oldest } = {}] = await database.read
      .selectFrom("prefect_ts_hour_count")
      .select(({ fn }) => fn.min<number>("hour").as("oldest"))
      .where("subject", "=", "flow_run")
      .execute();
    expect(oldest).toBe(Math.floor(NOW_MS / HOUR_MS) - 10);
  });

  test("triggers that were lost are made again, and what was counted meanwhile is forgotten", async () => {
    await using database = await open();
    const flowId = await insertFlow(database);
    await insertFlowRun(database, { flowId, time: hoursAgo(5), state: "COMPLETED" });
    await everythingCounted(database);
    const on = kind === "sqlite" ? sql`` : sql` on flow_run`;
    await database.write((tx) => sql`drop trigger prefect_ts_hours_flow_run_insert${on}`.execute(tx));
    await insertFlowRun(database, { flowId, time: hoursAgo(5), state: "COMPLETED" });
    expect(await countFlowRuns(database.read, {})).toBe(1);
    await migrate(database);

    expect(await countFlowRuns(database.read, {})).toBe(2);
    await everythingCounted(database);
    await insertFlowRun(database, { flowId, time: hoursAgo(5), state: "COMPLETED" });
    expect(await countFlowRuns(database.read, {})).toBe(3);
  });

  test("a database that is handed back or reset keeps no triggers", async () => {
    await using database = await open();
    const left = async () => {
      const query =
        kind === "sqlite"
          ? sql`select name from sqlite_master where type = 'trigger'`
          : sql`select tgname as name from pg_trigger where not tgisinternal
              union all select proname from pg_proc where proname like 'prefect_ts_%'`;
      return (await query.execute(database.read)).rows.length;
    };
    expect(await left()).toBeGreaterThan(0);
    await runMakeover(database, "hand-back", () => undefined);
    expect(await left()).toBe(0);
    await migrate(database);
    expect(await left()).toBeGreaterThan(0);
    await dropSchema(database);
    expect(await left()).toBe(0);
  });

  describe.runIf(kind === "postgresql")("with a transaction that is open", () => {
    test("a count that does not see what it writes does not hold once it is committed", async () => {
      await using made = await createTestDatabase("postgresql", postgresUrl());
      await using database = openDatabase(made.config);
      await using other = openDatabase(made.config);
      const flowId = await insertFlow(database);
      const run = { flowId, time: hoursAgo(5), state: "COMPLETED" };
      await insertFlowRun(database, run);
      const hour = Math.floor(NOW_MS / HOUR_MS) - 5;
      await other.write(async (tx) => {
        await insertFlowRunIn(tx, run);
        await database.write((counting) => countHours(counting, "flow_run", { from: hour, to: hour + 1 }));
        expect(await countFlowRuns(database.read, {})).toBe(1);
      });

      expect(await countFlowRuns(database.read, {})).toBe(2);
      await everythingCounted(database);
      expect(await countFlowRuns(database.read, {})).toBe(2);
    });

    test("nothing is counted while it is", async () => {
      await using made = await createTestDatabase("postgresql", postgresUrl());
      await using database = openDatabase(made.config);
      await using other = openDatabase(made.config);
      const flowId = await insertFlow(database);
      await insertFlowRun(database, { flowId, time: hoursAgo(5), state: "COMPLETED" });
      await other.write(async (tx) => {
        await insertFlowRunIn(tx, { flowId, time: hoursAgo(0), state: "RUNNING" });
        expect(await countSettledHours(database)).toBe(0);
      });

      expect(await countSettledHours(database)).toBeGreaterThan(0);
    });
  });
});

/** One round may find an hour that another transaction is about. */
async function everythingCounted(database: Database): Promise<void> {
  while ((await countSettledHours(database)) > 0);
}

const RANGES: readonly { readonly after_?: Timestamp; readonly before_?: Timestamp }[] = [
  {},
  { after_: hoursAgo(20), before_: hoursAgo(4) },
  { after_: timestampFromMs(NOW_MS - 20.5 * HOUR_MS) },
  { before_: timestampFromMs(NOW_MS - 3.5 * HOUR_MS) },
];
const STATES = [undefined, ["COMPLETED"], ["FAILED", "RUNNING", "FAILED"]];

async function answers({ read }: Database): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (const expected_start_time of RANGES) {
    for (const any_ of STATES) {
      const filter = { expected_start_time, ...(any_ && { state: { type: { any_ } } }) };
      all.push(await countFlowRuns(read, { flow_runs: filter }), await countTaskRuns(read, { task_runs: filter }));
    }
    if (Object.keys(expected_start_time).length > 0)
      all.push(await countTaskRuns(read, { flow_runs: { expected_start_time } }));
    const { after_: since, before_: until } = expected_start_time;
    const tallies = await tallyEvents(read, "event", {
      occurred: { ...(since && { since }), ...(until && { until }) },
    });
    all.push(Object.fromEntries(tallies.map(({ value, count }) => [value, count])));
  }
  return all;
}

async function exactAnswers({ read, dialect }: Database): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  const count = async (text: ReturnType<typeof sql>) =>
    Number(((await text.execute(read)).rows[0] as { number: number }).number);
  for (const { after_, before_ } of RANGES) {
    const within = (time: string) => sql`${after_ ? sql`${sql.ref(time)} >= ${dialect.timestamp(after_)}` : sql`true`}
      and ${before_ ? sql`${sql.ref(time)} <= ${dialect.timestamp(before_)}` : sql`true`}`;
    for (const states of STATES) {
      const inState = states ? sql`state_type in (${sql.join(states.map((state) => sql.lit(state)))})` : sql`true`;
      for (const table of ["flow_run", "task_run"])
        all.push(
          await count(sql`select count(*) as number from ${sql.table(table)}
            where ${inState} and ${within("expected_start_time")}`),
        );
    }
    if (after_ || before_)
      all.push(
        await count(sql`select count(*) as number from task_run
          where flow_run_id in (select id from flow_run where ${within("expected_start_time")})`),
      );
    const { rows } = await sql<{ event: string; number: number }>`
      select event, count(*) as number from events where ${within("occurred")} group by event`.execute(read);
    all.push(Object.fromEntries(rows.map(({ event, number }) => [event, Number(number)])));
  }
  return all;
}

async function apply(database: Database, change: Change): Promise<void> {
  const { dialect } = database;
  const time = typeof change.hours === "number" ? timestampFromMs(NOW_MS - change.hours * HOUR_MS) : null;
  const stored = time && dialect.timestamp(time);
  const run = (statement: ReturnType<typeof sql>) => database.write((tx) => statement.execute(tx));
  const nth = (table: string, at: unknown) =>
    sql`(select id from ${sql.table(table)} order by id limit 1 offset ${Number(at)})`;
  const table = sql.table(String(change.of));
  switch (change.does) {
    case "insert flow run":
      return insertFlowRun(database, {
        flowId: await insertFlow(database),
        time,
        state: change.state as string | null,
      });
    case "insert task run":
      return void (await run(sql`insert into task_run (name, task_key, dynamic_key, state_type, expected_start_time, flow_run_id)
        values ('t', 'k', ${randomUUID()}, ${sql.lit(change.state)}, ${stored},
          ${change.at === null ? null : nth("flow_run", change.at)})`));
    case "insert event":
      return void (await run(sql`insert into events (occurred, event, resource_id, resource, payload, received, recorded)
        values (${stored}, ${`event-${Number(change.at) % 3}`}, 'r', '{}', '{}', ${stored}, ${stored})`));
    case "set state":
      return void (await run(sql`update ${table} set state_type = ${sql.lit(change.state)}
        where id = ${nth(String(change.of), change.at)}`));
    case "move":
      return void (await run(sql`update ${table} set expected_start_time = ${stored}
        where id = ${nth(String(change.of), change.at)}`));
    case "give to another":
      return void (await run(sql`update task_run set flow_run_id = ${nth("flow_run", change.to)}
        where id = ${nth("task_run", change.at)}`));
    case "rename event":
      return void (await run(sql`update events set event = 'renamed', occurred = ${stored}
        where id = ${nth("events", change.at)}`));
    case "delete":
      return void (await run(sql`delete from ${table} where id = ${nth(String(change.of), change.at)}`));
    case "delete all":
      return void (await run(dialect.rowLocks ? sql`truncate ${table} cascade` : sql`delete from ${table}`));
    default:
      return everythingCounted(database);
  }
}

async function insertFlow(database: Database): Promise<string> {
  const id = randomUUID();
  await database.write((tx) => tx.insertInto("flow").values({ id, name: id }).execute());
  return id;
}

interface NewRun {
  readonly flowId: string;
  readonly time: Timestamp | null;
  readonly state: string | null;
}

const insertFlowRun = (database: Database, run: NewRun) => database.write((tx) => insertFlowRunIn(tx, run));

async function insertFlowRunIn(tx: Database["read"], { flowId, time, state }: NewRun): Promise<void> {
  const dialect = dialectOf(tx);
  const values = {
    id: randomUUID(),
    name: "run",
    flow_id: flowId,
    state_type: state as "RUNNING" | null,
    expected_start_time: time && dialect.timestamp(time),
  };
  await tx.insertInto("flow_run").values(values).execute();
}
