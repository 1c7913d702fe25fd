import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { listObservedStates } from "../../../src/db/repositories/observed-states.ts";
import { forEachDatabase } from "../../support/for-each-database.ts";

const SEEN = [
  ["RUNNING", "Running", "2026-01-01T00:00:00Z"],
  ["RUNNING", "Running", "2026-01-03T00:00:00.000001Z"],
  ["RUNNING", "Retrying", "2026-01-02T00:00:00Z"],
  ["SCHEDULED", "Late", "2026-01-04T00:00:00Z"],
] as const;

forEachDatabase((open) => {
  test("every pair of type and name is found, with when it was seen first and last, by index or without", async () => {
    await using database = await open();
    await insertStates(database);
    const byIndex = await listObservedStates(database.read, "LAST_SEEN_DESC");
    await database.write((tx) => sql`drop index ix_task_run_state__type_name_timestamp`.execute(tx));

    expect(byIndex.map(({ state_name, first_seen, last_seen }) => [state_name, first_seen, last_seen])).toEqual([
      ["Late", "2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z"],
      ["Running", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00.000001Z"],
      ["Retrying", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z"],
    ]);
    expect(await listObservedStates(database.read, "LAST_SEEN_DESC")).toEqual(byIndex);
  });

  test("nothing has been seen of an empty database", async () => {
    await using database = await open();

    expect(await listObservedStates(database.read, "LAST_SEEN_DESC")).toEqual([]);
  });
});

async function insertStates(database: Database): Promise<void> {
  const { dialect } = database;
  const [flow_id, flow_run_id, task_run_id] = [randomUUID(), randomUUID(), randomUUID()];
  await database.write(async (tx) => {
    await tx.insertInto("flow").values({ id: flow_id, name: "flow" }).execute();
    await tx.insertInto("flow_run").values({ id: flow_run_id, name: "run", flow_id }).execute();
    await tx
      .insertInto("task_run")
      .values({ id: task_run_id, name: "task", task_key: "task", dynamic_key: "0" })
      .execute();
    for (const [type, name, time] of SEEN)
      await tx
        .insertInto("flow_run_state")
        .values({ type, name, timestamp: dialect.timestamp(time), flow_run_id })
        .execute();
    const later = dialect.timestamp("2026-01-05T00:00:00Z");
    await tx
      .insertInto("task_run_state")
      .values({ type: "SCHEDULED", name: "Late", timestamp: later, task_run_id })
      .execute();
  });
}
