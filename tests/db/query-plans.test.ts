import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seedDatabase } from "../../bench/seed/seed.ts";
import { type UiCall, uiCalls } from "../../bench/ui-calls.ts";
import { type Ask, findUiSubjects } from "../../bench/ui-subjects.ts";
import { countSettledHours } from "../../src/db/count-settled-hours.ts";
import { SqliteConnection } from "../../src/db/dialects/sqlite.ts";
import type { Clock } from "../../src/kit/clock.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { type RunningServer, startServer } from "../../src/server/main.ts";
import { services } from "../../src/server/services/all.ts";
import { loadSettings } from "../../src/settings/index.ts";
import { createTestDatabase, type TestDatabase } from "../../src/testing/test-databases.ts";
import type { DatabaseKind } from "../../src/testing/test-server-options.ts";
import { movableClock } from "../support/movable-clock.ts";
import { postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";
import { type Executed, openExplainer } from "./query-plans.ts";

/** Long enough ago that its hours can be counted. */
const NOW_MS = Math.floor(Date.now() / 86_400_000 - 10) * 86_400_000;
const SIZES = { flowRuns: 4000, taskRuns: 8000, events: 20_000, logs: 8000, artifacts: 400, days: 90, nowMs: NOW_MS };
/** PostgreSQL's planner takes the tables for this many times larger: small tables it would rather read from end to end. */
const SCALE = 250;

describe.each(["sqlite", "postgresql"] as const)("on %s", (kind) => {
  describe.skipIf(kind === "postgresql" && missing("postgresql"))("no call of the UI", () => plansOn(kind));
});

function plansOn(kind: DatabaseKind): void {
  let database: TestDatabase;
  let server: RunningServer;
  let explainer: Awaited<ReturnType<typeof openExplainer>>;
  let calls: readonly UiCall[];

  beforeAll(async () => {
    database = await createTestDatabase(kind, postgresUrl());
    await seedDatabase(database.config, SIZES);
    server = await serve(database);
    await countSettledHours(server.ctx.db);
    calls = uiCalls(await findUiSubjects(askOf(server), NOW_MS));
    explainer = await openExplainer(database.config, SCALE);
  });
  afterAll(async () => {
    await explainer?.[Symbol.asyncDispose]();
    await server?.stop();
    await database?.[Symbol.asyncDispose]();
  });

  test("reads a large table from end to end", async () => {
    const found: string[] = [];
    for (const call of calls) {
      for (const statement of await statementsOf(() => askOf(server)(call.path, call.body))) {
        const { wholeScans, plan } = await explainer.explain(statement);
        if (wholeScans.length === 0) continue;
        found.push([`${call.path} ${JSON.stringify(call.body)}`, statement.text, ...wholeScans, plan].join("\n"));
      }
    }

    expect(calls.length).toBeGreaterThan(100);
    expect(found.join("\n\n")).toBe("");
  }, 60_000);

  test("and no pass of a background service does", async () => {
    await using own = await serve(database, {
      clock: movableClock(NOW_MS),
      env: { PREFECT_SERVER_RETENTION_FLOW_RUNS: "P30D", PREFECT_SERVER_RETENTION_LOGS: "P30D" },
    });
    const found: string[] = [];
    for (const { name, tick } of services) {
      // One batch of those that go on for as long as there is something to do.
      for (const statement of await statementsOf(() => tick(own.ctx, AbortSignal.abort()))) {
        const { wholeScans, plan } = await explainer.explain(statement);
        if (wholeScans.length > 0) found.push([name, statement.text, ...wholeScans, plan].join("\n"));
      }
    }

    expect(found.join("\n\n")).toBe("");
  });
}

/** A server on the database as it is, at the time it was filled for. */
function serve(
  { connectionUrl }: TestDatabase,
  { env = {}, ...options }: { env?: Readonly<Record<string, string>>; clock?: Clock } = {},
): Promise<RunningServer> {
  const variables = {
    PREFECT_SERVER_DATABASE_CONNECTION_URL: connectionUrl,
    PREFECT_SERVER_DATABASE_MIGRATE_ON_START: "false",
    ...env,
  };
  const settings = loadSettings({ env: variables, cwd: "/nowhere", homeDir: "/nowhere" });
  return startServer({ settings, log: silentLogger, host: "127.0.0.1", port: 0, services: false, ...options });
}

function askOf({ apiUrl }: RunningServer): Ask {
  return async (path, body) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(apiUrl + path, body ? { method: "POST", headers, body: JSON.stringify(body) } : {});
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} ${JSON.stringify(body)}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
}

/** What the drivers are given while `act` runs. */
async function statementsOf(act: () => Promise<unknown>): Promise<readonly Executed[]> {
  const onSqlite = vi.spyOn(SqliteConnection.prototype, "query");
  const onPostgres = vi.spyOn(pg.Client.prototype, "query") as unknown as {
    mock: { calls: unknown[][] };
    mockRestore(): void;
  };
  try {
    await act();
    const fromSqlite = onSqlite.mock.calls.map(([text, values]) => ({ text, values }));
    const fromPostgres = onPostgres.mock.calls.map(([query]) => query as Executed);
    return [...fromSqlite, ...fromPostgres].filter(({ text }) => /^\s*(?:select|with|delete|update)/i.test(text));
  } finally {
    onSqlite.mockRestore();
    onPostgres.mockRestore();
  }
}
