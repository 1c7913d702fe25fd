import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { onPostgres, postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";
import { connectApi, createFlow, runLifecycle } from "./api.ts";
import { findInconsistencies } from "./consistency.ts";
import { startServerProcess } from "./server-process.ts";

const BREAKS = 5;
const BREAK_ALL =
  "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

test.skipIf(missing("postgresql"))(
  "a server whose connections to PostgreSQL are ended again and again answers 503 or serves, and leaves nothing half-written",
  { timeout: 60_000 },
  async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    const url = (made.config as { url: string }).url;
    await using server = await startServerProcess(made.connectionUrl);
    await using api = connectApi(server.apiUrl, 16);
    const flowId = await createFlow(api, "broken");
    const answers: string[] = [];
    let isOver = false;
    const work = async () => {
      while (!isOver) {
        const answer = await runLifecycle(api, flowId).then(
          () => "served",
          (error: unknown) => /: (\d+)/.exec(String(error))?.[1] ?? String(error),
        );
        answers.push(answer);
      }
    };
    const working = Array.from({ length: 16 }, work);
    for (let time = 0; time < BREAKS; time += 1) {
      const before = answers.length;
      while (answers.length < before + 32) await runLifecycle(api, flowId).catch(() => undefined);
      await onPostgres(url, (client) => client.query(BREAK_ALL));
    }
    isOver = true;
    await Promise.all(working);
    expect([...new Set(answers)].filter((answer) => answer !== "served" && answer !== "503")).toEqual([]);
    await runLifecycle(api, flowId);

    await using database = openDatabase(made.config);
    expect(await findInconsistencies(database)).toEqual([]);
  },
);
