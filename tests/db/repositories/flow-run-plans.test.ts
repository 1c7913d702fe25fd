import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database, Db } from "../../../src/db/database.ts";
import { listGraphArtifacts, listGraphInputs, listGraphNodes } from "../../../src/db/repositories/flow-run-graphs.ts";
import { deleteFlowRuns, type FlowRunFilters, listFlowRuns } from "../../../src/db/repositories/flow-runs.ts";
import { deleteLogsOfFlowRuns } from "../../../src/db/repositories/logs.ts";
import { averageLateness, tallyFlowRuns, tallyTaskRuns } from "../../../src/db/repositories/run-history.ts";
import { openTestDatabase } from "../../../src/testing/test-databases.ts";
import { queryPlans } from "../../support/query-plans.ts";

const ID = "00000000-0000-4000-8000-000000000000";
const IDS = [ID, "00000000-0000-4000-8000-000000000001"];
const NOON = "2030-01-01T12:00:00Z";
const DAY = { start: "2030-01-01T00:00:00Z", end: "2030-01-02T00:00:00Z", lengthMicros: 3_600_000_000, now: NOON };

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase("sqlite");
});
afterAll(() => database.close());

const filters: readonly FlowRunFilters[] = [
  { flow_runs: { id: { any_: IDS } } },
  { flow_runs: { deployment_id: { any_: IDS } } },
  { flow_runs: { state: { type: { any_: ["RUNNING", "PENDING"] } } } },
  { flow_runs: { parent_task_run_id: { any_: IDS } } },
  { flow_runs: { parent_flow_run_id: { any_: IDS } } },
  { flows: { id: { any_: IDS } } },
  { deployments: { id: { any_: IDS } } },
];

test.each(filters)("runs that match %j are found by an index", async (filter) => {
  const list = (db: Db) => listFlowRuns(db, filter, { sort: "START_TIME_DESC", limit: 200, offset: 0 });

  expect(await queryPlans(database.read, list)).not.toMatch(/SCAN (?:flow_run|state|task_run|parent)\b/);
  expect(await queryPlans(database.read, (db) => averageLateness(db, filter, NOON))).not.toMatch(/SCAN flow_run\b/);
});

test.each(["ID_DESC", "START_TIME_DESC", "EXPECTED_START_TIME_DESC"] as const)(
  "the first runs by %s are read in order, without sorting all",
  async (sort) => {
    const plans = await queryPlans(database.read, (db) => listFlowRuns(db, {}, { sort, limit: 200, offset: 0 }));

    const page = plans.slice(plans.indexOf("LIST SUBQUERY"), plans.indexOf("SEARCH state"));
    expect(page).toMatch(/SCAN flow_run USING (?:COVERING )?INDEX/);
    expect(page).not.toMatch(/USE TEMP B-TREE FOR ORDER BY/);
  },
);

const operations: readonly (readonly [string, (db: Db) => Promise<unknown>])[] = [
  ["a history of flow runs", (db) => tallyFlowRuns(db, {}, DAY)],
  ["a history of task runs", (db) => tallyTaskRuns(db, {}, DAY)],
  ["a graph's nodes", (db) => listGraphNodes(db, ID, { since: NOON, limit: 10 })],
  ["a graph's inputs", (db) => listGraphInputs(db, ID)],
  ["a graph's artifacts", (db) => listGraphArtifacts(db, ID, 10)],
  ["a deletion", (db) => deleteFlowRuns(db, IDS)],
  ["a deletion of logs", (db) => deleteLogsOfFlowRuns(db, IDS)],
];

test.each(operations)("%s reads no table from end to end", async (_what, run) => {
  expect(await queryPlans(database.read, run)).not.toMatch(/SCAN (?!json_each)/);
});
