import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, type Db, openDatabase } from "../../src/db/database.ts";
import { DatabaseBusy, DatabaseUnavailable } from "../../src/db/errors.ts";
import { createTestDatabase, type TestDatabase } from "../../src/testing/test-databases.ts";

const AT = "2026-01-01 00:00:00.000000";
let made: TestDatabase;
let path: string;
let database: Database;

beforeEach(async () => {
  made = await createTestDatabase("sqlite");
  path = (made.config as { path: string }).path;
  database = openDatabase({ kind: "sqlite", path, busyTimeoutMs: 300 });
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

describe("units of work", () => {
  test("that arrive together are all committed before any caller is answered", async () => {
    const seen = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        await database.write((tx) => insert(tx, String(index)));
        return (await names()).length;
      }),
    );
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(256);
    expect(await names()).toHaveLength(300);
  });

  test("see what those before them in the transaction wrote, and readers do not", async () => {
    let readByOther: string[] | undefined;
    const first = database.write((tx) => insert(tx, "a"));
    const second = database.write(async (tx) => {
      readByOther = await names();
      return (await tx.selectFrom("flow").select("name").execute()).length;
    });
    await first;
    expect([await second, readByOther]).toEqual([1, []]);
  });

  test("fail alone and leave nothing, even after they have written", async () => {
    const runs = { healthy: 0, failing: 0 };
    const results = await Promise.allSettled([
      database.write((tx) => {
        runs.healthy += 1;
        return insert(tx, "a");
      }),
      database.write(async (tx) => {
        runs.failing += 1;
        await insert(tx, "b");
        throw new Error("late");
      }),
      database.write((tx) => insert(tx, "a")),
      database.write(async () => Promise.reject(new Error("early"))),
      database.write((tx) => insert(tx, "c")),
    ]);
    expect(results.map((result) => (result.status === "fulfilled" ? "ok" : String(result.reason.message)))).toEqual([
      "ok",
      "late",
      "UNIQUE constraint failed: flow.name",
      "early",
      "ok",
    ]);
    expect(await names()).toEqual(["a", "c"]);
    expect(runs).toEqual({ healthy: 2, failing: 2 });
  });

  test("are committed before the database closes; later ones are told to come back", async () => {
    const writing = database.write((tx) => insert(tx, "a"));
    await database.close();
    await writing;
    await expect(database.write((tx) => insert(tx, "b"))).rejects.toMatchObject({ code: DatabaseUnavailable.code });
    const file = new DatabaseSync(path);
    expect(file.prepare("select count(*) as n from flow").get()).toEqual({ n: 1 });
    file.close();
  });
});

describe("a full disk", () => {
  beforeEach(async () => {
    await database.close();
    database = openDatabase({ kind: "sqlite", path, busyTimeoutMs: 300 });
    const pages = new DatabaseSync(path).prepare("PRAGMA page_count").get() as { page_count: number };
    await database.write((tx) => tx.executeQuery(raw(`PRAGMA max_page_count = ${pages.page_count + 20}`)));
  });

  test("is a 503 for whoever wants too much, and leaves nothing half-written", async () => {
    const big = async (tx: Db) => {
      await insert(tx, "big");
      await tx
        .updateTable("flow")
        .set({ labels: JSON.stringify({ a: "x".repeat(500_000) }) })
        .execute();
    };
    const [small, refused] = await Promise.allSettled([database.write((tx) => insert(tx, "a")), database.write(big)]);
    expect(refused).toMatchObject({ status: "rejected", reason: { status: 503 } });
    const after = await database.write((tx) => insert(tx, "z")).then(() => "ok");
    expect([after, await names()]).toEqual(["ok", small.status === "fulfilled" ? ["a", "z"] : ["z"]]);
  });
});

function raw(sql: string) {
  return { sql, parameters: [], query: { kind: "RawNode" }, queryId: { queryId: "test" } } as never;
}

describe("another process that holds the write lock", () => {
  /** Holds the lock until it is told to let go. */
  async function holdLock(): Promise<{ release(): Promise<void> }> {
    const script = join(import.meta.dirname, "hold-write-lock.ts");
    const child = spawn(process.execPath, [script, path], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    return {
      async release() {
        child.stdin.end();
        await once(child, "exit");
      },
    };
  }

  test("makes writers wait, while readers and the process go on", async () => {
    const lock = await holdLock();
    let isWritten = false;
    const writing = database.write((tx) => insert(tx, "a")).then(() => (isWritten = true));
    let turns = 0;
    for (const start = performance.now(); performance.now() - start < 60; turns += 1) await names();
    expect([turns > 5, isWritten]).toEqual([true, false]);
    await lock.release();
    await writing;
    expect(await names()).toEqual(["a"]);
  });

  test("for too long gets them a 503, and the next write succeeds", async () => {
    const lock = await holdLock();
    const writing = database.write((tx) => insert(tx, "a"));
    await expect(writing).rejects.toMatchObject({ code: DatabaseBusy.code, details: { retryAfterSeconds: 1 } });
    await lock.release();
    await database.write((tx) => insert(tx, "b"));
    expect(await names()).toEqual(["b"]);
  });

  test("does not keep the database from closing", async () => {
    const lock = await holdLock();
    await database.close();
    await lock.release();
  });
});
