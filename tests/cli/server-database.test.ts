import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { HEAD } from "../../src/db/migrations/0001-schema.ts";
import { OLDEST } from "../../src/db/migrations/chain.ts";
import { introspect, introspectIndexes } from "../db/migrations/introspect.ts";
import { openPlace } from "../db/migrations/places.ts";
import { type TemporaryFolder, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { runCommand, startCommand } from "../support/prefect-cli.ts";

const runner =
  (home: TemporaryFolder) =>
  async (...args: string[]) => {
    const { code, stdout, stderr } = await runCommand(["server", "database", ...args], { home: home.path });
    return { code, text: stdout + stderr, json: () => JSON.parse(stdout) as unknown };
  };

async function revisionOf(home: TemporaryFolder): Promise<string | undefined> {
  await using database = openPlace(join(home.path, "prefect.db"));
  return (await database.read.selectFrom("alembic_version").selectAll().executeTakeFirst())?.version_num;
}

test("a database goes down to 3.1.7 and up again, as far as it is told, and says beforehand what it would do", async () => {
  await using home = await temporaryFolder();
  const database = runner(home);
  const file = join(home.path, "prefect.db");

  expect(await database("upgrade", "--dry-run")).toMatchObject({ code: 0, text: expect.stringContaining("empty") });
  expect(await database("upgrade", "-y")).toMatchObject({ code: 0, text: expect.stringContaining("upgraded!") });
  expect(await database("downgrade")).toMatchObject({ code: 1 });
  expect(await revisionOf(home)).toBe(HEAD.sqlite);

  expect(await database("downgrade", "-y", "-r", "-2")).toMatchObject({ code: 0 });
  expect((await database("revision")).text).toContain("* ");
  expect(await database("downgrade", "-y", "-r", OLDEST.sqlite.slice(0, 5))).toMatchObject({ code: 0 });
  expect(await revisionOf(home)).toBe(OLDEST.sqlite);

  const plan = (await database("upgrade", "--dry-run", "-o", "json")).json() as { step: string }[];
  expect(plan.map(({ step }) => step)).toContain("Drop table flow_run_notification_policy");
  expect((await database("upgrade", "--dry-run")).text).toContain("Build index ix_flow_run__deployment_id");
  expect(await revisionOf(home)).toBe(OLDEST.sqlite);

  expect(await database("upgrade", "-y", "-r", "+1")).toMatchObject({ code: 0 });
  expect(await revisionOf(home)).toBe("67f886da208e");
  expect((await database("upgrade", "-y", "-o", "json")).json()).toEqual({ outcome: "upgraded" });
  expect((await database("upgrade", "-y")).text).toContain("nothing to migrate");
  expect((await introspect(file)).length).toBeGreaterThan(400);
}, 60_000);

test("indexes are traded and handed back", async () => {
  await using home = await temporaryFolder();
  const database = runner(home);
  const file = join(home.path, "prefect.db");
  await database("upgrade", "-y");
  const ours = await introspectIndexes(file);

  expect((await database("optimize", "-y")).text).toContain("ours already");
  expect(await database("hand-back", "--dry-run")).toMatchObject({ text: expect.stringContaining("prefect_ts_") });
  expect(await introspectIndexes(file)).toEqual(ours);
  expect(await database("hand-back", "-y")).toMatchObject({ code: 0, text: expect.stringContaining("handed back!") });
  expect((await introspectIndexes(file)).some((fact) => fact.includes("prefect_ts_"))).toBe(false);
  expect((await database("optimize", "-y", "-o", "json")).json()).toMatchObject({ outcome: "optimized" });
  expect(await introspectIndexes(file)).toEqual(ours);
}, 60_000);

test("revisions are listed and stamped, never made; what is not known is refused in a sentence", async () => {
  await using home = await temporaryFolder();
  const database = runner(home);
  await database("upgrade", "-y");

  expect(await database("revision", "-m", "x")).toMatchObject({
    code: 1,
    text: expect.stringContaining("part of this"),
  });
  expect((await database("revision", "-o", "json")).json()).toMatchObject({ revision: HEAD.sqlite });
  expect(await database("stamp", "-1")).toMatchObject({ code: 0 });
  expect(await revisionOf(home)).toBe("8f5eda7c1dd7");
  expect(await database("optimize", "-y")).toMatchObject({ code: 1, text: expect.stringContaining("upgrade") });
  expect(await database("stamp", "nonsense")).toMatchObject({ code: 1, text: expect.stringContaining("No revision") });
  expect(await database("downgrade", "-y", "-r", "base")).toMatchObject({ code: 1 });
  expect(await database("stamp", "head")).toMatchObject({ code: 0 });

  await using opened = openPlace(join(home.path, "prefect.db"));
  await opened.write((tx) => sql`update alembic_version set version_num = 'ffffffffffff'`.execute(tx));
  for (const args of [
    ["upgrade", "-y"],
    ["downgrade", "-y"],
  ]) {
    expect(await database(...args)).toMatchObject({ code: 1, text: expect.stringContaining("ffffffffffff") });
  }
}, 60_000);

test("an upgrade that is killed in the middle of it is finished by the next", async () => {
  await using home = await temporaryFolder();
  const database = runner(home);
  const file = join(home.path, "prefect.db");
  await database("upgrade", "-y");
  await database("hand-back", "-y");
  const expected = [await introspect(file), await introspectIndexes(file)];
  await database("downgrade", "-y", "-r", OLDEST.sqlite);

  await database("upgrade", "-y", "-r", "+5");

  // Holds the write lock, so that the upgrade gets no further.
  const lock = new DatabaseSync(file);
  lock.exec("begin immediate");
  const upgrading = startCommand(["server", "database", "upgrade", "-y"], { home: home.path });
  const isGone = once(upgrading, "exit");
  let printed = "";
  upgrading.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  await waitUntil("the upgrade has begun", () => printed.includes("Running upgrade"));
  upgrading.kill("SIGKILL");
  await isGone;
  lock.close();
  expect(await revisionOf(home)).toBe("7655f31c5157");

  expect((await database("upgrade", "-y")).text).toContain("upgraded!");
  expect([await introspect(file), await introspectIndexes(file)]).toEqual(expected);
}, 60_000);
