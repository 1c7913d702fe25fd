import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, type Db, openDatabase } from "../../src/db/database.ts";
import { DatabaseUnavailable, databaseFailure, isUnstorableValue } from "../../src/db/errors.ts";
import { createTestDatabase, type TestDatabase } from "../../src/testing/test-databases.ts";
import { freePort } from "../support/disposable.ts";
import { onPostgres, postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";

const AT = "2026-01-01T00:00:00Z";

describe.skipIf(missing("postgresql"))("a PostgreSQL database", () => {
  let made: TestDatabase;
  let url: string;
  let database: Database;

  beforeEach(async () => {
    made = await createTestDatabase("postgresql", postgresUrl());
    url = (made.config as { url: string }).url;
    database = openDatabase({ kind: "postgres", url, maxConnections: 4, statementTimeoutMs: 400 });
  });
  afterEach(async () => {
    await database.close();
    await made[Symbol.asyncDispose]();
  });

  const insert = (tx: Db, name: string) =>
    tx
      .insertInto("flow")
      .values({ id: `00000000-0000-7000-8000-${name.padStart(12, "0")}`, name, created: AT, updated: AT })
      .execute();
  const names = async () =>
    (await database.read.selectFrom("flow").select("name").orderBy("name").execute()).map(({ name }) => name);
  const fail = (tx: Db, code: string) =>
    sql.raw(`DO $$ BEGIN RAISE EXCEPTION 'made' USING ERRCODE = '${code}'; END $$`).execute(tx);
  /** Ends every connection but one's own, as an operator or a restart would. */
  const breakConnections = () =>
    onPostgres(url, (client) =>
      client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      ),
    );

  test.each(["40001", "40P01"])("runs a unit again after %s", async (code) => {
    let runs = 0;
    await database.write(async (tx) => {
      runs += 1;
      await insert(tx, `a${runs}`);
      if (runs < 3) await fail(tx, code);
    });
    expect(await names()).toEqual(["a3"]);
  });

  test("gives up on a conflict that does not end, as unavailable", async () => {
    const error = await database.write((tx) => fail(tx, "40001")).catch((thrown: unknown) => thrown);
    expect(databaseFailure(error)).toMatchObject({ status: 503 });
  });

  test("does not take a unit that hushed a failure for committed", async () => {
    const writing = database.write(async (tx) => {
      await insert(tx, "a");
      await fail(tx, "P0001").catch(() => undefined);
    });
    await expect(writing).rejects.toThrow("went on after");
    expect(await names()).toEqual([]);
  });

  test("lets both of two units that lock each other out succeed", async () => {
    await database.write(async (tx) => {
      await insert(tx, "1");
      await insert(tx, "2");
    });
    const lock = (tx: Db, name: string) =>
      sql`update flow set updated = now() where name = ${name}`
        .execute(tx)
        .then(() => sql`select pg_sleep(0.05)`.execute(tx));
    const runs = [0, 0];
    await onPostgres(url, (client) =>
      client.query("ALTER SYSTEM SET deadlock_timeout = '50ms'; ").catch(() => undefined),
    );
    await onPostgres(url, (client) => client.query("select pg_reload_conf()"));
    await Promise.all(
      [
        ["1", "2"],
        ["2", "1"],
      ].map(([first = "", second = ""], index) =>
        database.write(async (tx) => {
          runs[index] = (runs[index] ?? 0) + 1;
          await lock(tx, first);
          await lock(tx, second);
        }),
      ),
    );
    expect(runs.toSorted()).toEqual([1, 2]);
  });

  test("answers 503 to a unit that loses its connection, leaves nothing, and serves the next", async () => {
    const writing = database.write(async (tx) => {
      await insert(tx, "a");
      await breakConnections();
      await insert(tx, "b");
    });
    await expect(writing).rejects.toMatchObject({ code: DatabaseUnavailable.code, details: { retryAfterSeconds: 1 } });
    await database.write((tx) => insert(tx, "c"));
    expect(await names()).toEqual(["c"]);
  });

  test("lets many more callers than connections wait their turn, longer than a connection may take to be made", async () => {
    await using narrow = openDatabase({ kind: "postgres", url, maxConnections: 2, connectionTimeoutMs: 100 });
    const answers = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? narrow.write((tx) => sql`select pg_sleep(0.02)`.execute(tx))
        : sql`select pg_sleep(0.02)`.execute(narrow.read),
    );
    expect(await Promise.all(answers)).toHaveLength(40);
  });

  test("does not mind that all its idle connections have been ended", async () => {
    await Promise.all(["a", "b", "c", "d"].map((name) => database.write((tx) => insert(tx, name))));
    await breakConnections();
    await Promise.all(["1", "2", "3", "4"].map((name) => database.write((tx) => insert(tx, name))));
    expect(await names()).toHaveLength(8);
  });

  test("ends a statement that takes too long, as unavailable", async () => {
    const error = await sql`select pg_sleep(10)`.execute(database.read).catch((thrown: unknown) => thrown);
    expect(databaseFailure(error)).toMatchObject({ code: DatabaseUnavailable.code });
  });

  test.each([
    { what: "NUL in a text", name: "a\0b", labels: "{}" },
    { what: "NUL in a JSON text", name: "a", labels: '{"a":"\\u0000"}' },
    {
      what: "a name too long for its index",
      name: Array.from({ length: 40_000 }, () => Math.random()).join(),
      labels: "{}",
    },
  ])("refuses $what as unstorable, and leaves nothing", async ({ name, labels }) => {
    const error = await database
      .write(async (tx) => {
        await insert(tx, "first");
        await sql`update flow set name = ${name}, labels = ${labels}::jsonb where name = 'first'`.execute(tx);
      })
      .catch((thrown: unknown) => thrown);
    expect([isUnstorableValue(error), databaseFailure(error)]).toEqual([true, undefined]);
    expect(await names()).toEqual([]);
  });

  test("refuses an integer out of range as unstorable", async () => {
    const error = await sql`select ${"9007199254740993"}::integer`
      .execute(database.read)
      .catch((thrown: unknown) => thrown);
    expect(isUnstorableValue(error)).toBe(true);
  });

  test("finishes what it has accepted before it closes, and then tells others to come back", async () => {
    const writing = database.write((tx) => insert(tx, "a"));
    await database.close();
    await writing;
    await expect(database.write((tx) => insert(tx, "b"))).rejects.toMatchObject({ status: 503 });
    expect(await onPostgres(url, async (client) => (await client.query("select name from flow")).rows)).toEqual([
      { name: "a" },
    ]);
  });
});

test("a PostgreSQL that is not there is a 503, for readers and writers", async () => {
  const database = openDatabase({ kind: "postgres", url: `postgresql://nobody@127.0.0.1:${await freePort()}/none` });
  await expect(database.write(async () => 1)).rejects.toMatchObject({ code: DatabaseUnavailable.code });
  await expect(database.read.selectFrom("flow").selectAll().execute()).rejects.toMatchObject({ status: 503 });
  await database.close();
});
