import { describe, expect, test } from "vitest";
import { executeOnPostgres, postgresUrl, startPostgres } from "./postgres.ts";
import { missing } from "./require.ts";

describe.skipIf(missing("postgresql"))("the test run's PostgreSQL", () => {
  test("lets tests create databases", async () => {
    const name = `created_${process.pid}`;

    await executeOnPostgres(postgresUrl() ?? "", [`create database ${name}`, `drop database ${name}`]);
  });

  test("refuses connections once disposed", async () => {
    const server = await startPostgres();
    await executeOnPostgres(server.url, ["select 1"]);
    await server[Symbol.asyncDispose]();

    await expect(executeOnPostgres(server.url, ["select 1"])).rejects.toThrow("ECONNREFUSED");
  });
});
