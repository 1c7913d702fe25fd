import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";

/** Listens, and gives what was heard once the connection is there; a gap is shown as null. */
async function hear(database: Database, channel: string) {
  const heard: (string | null)[] = [];
  const stop = database.notices.listen(channel, {
    onNotice: (text) => heard.push(text),
    onGap: () => heard.push(null),
  });
  await waitUntil("the connection", () => heard.length === 1);
  return { heard, stop };
}

describe.skipIf(missing("postgresql"))("notices on PostgreSQL", () => {
  test("reach every process that listens to their channel, and no other", async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    await using one = openDatabase(made.config);
    await using other = openDatabase(made.config);
    const [here, there] = [await hear(one, "news"), await hear(other, "news")];
    const elsewhere = await hear(other, "weather");

    await one.notices.send("news", ["a", 'it\'s "b"']);
    await one.notices.send("weather", ["rain"]);
    await waitUntil("the notice", () => elsewhere.heard.length === 2);

    expect(here.heard).toEqual([null, "a", 'it\'s "b"']);
    expect(there.heard).toEqual(here.heard);
    expect(elsewhere.heard).toEqual([null, "rain"]);
  });

  test("who has stopped listening hears nothing more", async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    await using database = openDatabase(made.config);
    const [first, second] = [await hear(database, "news"), await hear(database, "news")];
    first.stop();

    await database.notices.send("news", ["a"]);
    await waitUntil("the notice", () => second.heard.length === 2);

    expect(first.heard).toEqual([null]);
  });

  test("a connection that breaks is made anew, and listeners are told that they may have missed something", async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    await using database = openDatabase(made.config);
    const { heard } = await hear(database, "news");

    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(database.read);
    await waitUntil("the second connection", () => heard.length === 2);
    await database.notices.send("news", ["after"]);
    await waitUntil("the notice", () => heard.length === 3);

    expect(heard).toEqual([null, null, "after"]);
  });
});

test("a database of one process has nobody to tell", async () => {
  await using database = openDatabase({ kind: "sqlite", path: ":memory:" });

  await database.notices.send("news", ["a"]);

  expect(database.notices.reachOthers).toBe(false);
});
