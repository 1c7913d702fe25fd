import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { temporaryFolder } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { databaseRequirements, missing } from "../support/require.ts";
import { type Api, connectApi, createFlow, createRun, runLifecycle, setState } from "./api.ts";
import { findInconsistencies } from "./consistency.ts";
import { startServerProcess } from "./server-process.ts";

const RACERS = 20;

async function countOf(database: Database, state: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from flow_run where state_type = ${state}`.execute(
    database.read,
  );
  return Number(rows[0]?.n);
}

/** The same request from each server in turn, all at once. */
function race<T>(apis: readonly Api[], ask: (api: Api) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: RACERS }, (_, index) => ask(apis[index % apis.length] as Api)));
}

test("servers may start at the same time on a file that is not there yet", async () => {
  await using home = await temporaryFolder();
  const url = `sqlite+aiosqlite:///${home.path}/below/prefect.db`;
  const servers = await Promise.all([1, 2, 3].map(() => startServerProcess(url)));
  const ids = await Promise.all(
    servers.map(async ({ apiUrl }) => {
      await using api = connectApi(apiUrl, 1);
      return await createFlow(api, "first");
    }),
  );
  expect(new Set(ids).size).toBe(1);
  for (const server of servers) await server[Symbol.asyncDispose]();
});

describe.each(["sqlite", "postgresql"] as const)("on %s", (kind) => {
  const skips = missing(...databaseRequirements(kind)) !== undefined;

  test.skipIf(skips)("two servers on one database answer everything, and agree", { timeout: 60_000 }, async () => {
    await using made = await createTestDatabase(kind, postgresUrl());
    await using first = await startServerProcess(made.connectionUrl);
    await using second = await startServerProcess(made.connectionUrl);
    await using database = openDatabase(made.config);
    const apis = [connectApi(first.apiUrl, RACERS), connectApi(second.apiUrl, RACERS)] as const;
    const flowIds = await race(apis, (api) => createFlow(api, "shared"));
    expect(new Set(flowIds).size).toBe(1);
    const [flowId = ""] = flowIds;

    for (let round = 0; round < 5; round += 1) {
      const body = { flow_id: flowId, idempotency_key: `key-${round}` };
      const runs = await race(apis, (api) => api.post<{ id: string }>("/flow_runs/", body));
      expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    }
    for (let round = 0; round < 5; round += 1) {
      const runId = await createRun(apis[0], flowId, "SCHEDULED");
      const answers = await race(apis, (api) => setState(api, runId, "PENDING"));
      expect(answers.toSorted()).toEqual([...Array.from({ length: RACERS - 1 }, () => "ABORT"), "ACCEPT"]);
    }
    const before = await countOf(database, "COMPLETED");
    await Promise.all(Array.from({ length: 200 }, (_, index) => runLifecycle(apis[index % 2] as Api, flowId)));
    expect((await countOf(database, "COMPLETED")) - before).toBe(200);
    expect(await findInconsistencies(database)).toEqual([]);
    expect([first.errors(), second.errors()]).toEqual(["", ""]);
    for (const api of apis) await api[Symbol.asyncDispose]();
  });

  test.skipIf(skips)("a thousand connections at once are all served", { timeout: 60_000 }, async () => {
    await using made = await createTestDatabase(kind, postgresUrl());
    await using server = await startServerProcess(made.connectionUrl);
    await using api = connectApi(server.apiUrl, 1_000);
    await using database = openDatabase(made.config);
    const flowId = await createFlow(api, "crowd");
    const ids = await Promise.all(Array.from({ length: 1_000 }, () => createRun(api, flowId)));
    for (const type of ["RUNNING", "COMPLETED"]) {
      const answers = await Promise.all(ids.map((id) => setState(api, id, type)));
      expect(new Set(answers)).toEqual(new Set(["ACCEPT"]));
    }
    expect(await countOf(database, "COMPLETED")).toBe(1_000);
    expect(await findInconsistencies(database)).toEqual([]);
    expect(server.errors()).toBe("");
  });
});
