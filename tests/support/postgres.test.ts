import { describe, expect, test } from "vitest";
import { onPostgres, postgresUrl, startPostgres } from "./postgres.ts";
import { missing } from "./require.ts";

describe.skipIf(missing("postgresql"))("the test run's PostgreSQL", () => {
  test("lets tests create databases", async () => {
    const created = await onPostgres(postgresUrl() ?? "", async (client) => {
      await client.query(`create database created_${process.pid}`);
      return client.query("select 1 from pg_database where datname = $1", [`created_${process.pid}`]);
    });

    expect(created.rowCount).toBe(1);
  });

  test("refuses connections once disposed", async () => {
    const server = await startPostgres();
    const ask = () => onPostgres(server.url, (client) => client.query("select 1"));
    await ask();

    await server[Symbol.asyncDispose]();

    await expect(ask()).rejects.toThrow("ECONNREFUSED");
  });
});
