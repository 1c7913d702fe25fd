import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { HEAD } from "../../../src/db/migrations/0001-schema.ts";
import { ForeignDatabase, OutdatedDatabase, UnknownRevision } from "../../../src/db/migrations/errors.ts";
import { migrate } from "../../../src/db/migrations/migrate.ts";
import { waitUntil } from "../../support/disposable.ts";
import { type DatabaseKind, startReference } from "../../support/reference.ts";
import { missing } from "../../support/require.ts";
import { introspect } from "./introspect.ts";
import { makePlace, openPlace } from "./places.ts";

/** Our spelling of a database the reference made. */
const ourSpelling = (url: string) =>
  url.replace("sqlite+aiosqlite:///", "").replace("postgresql+asyncpg:", "postgresql:");

async function setRevision(database: Database, revision: string): Promise<void> {
  await database.write((tx) => tx.updateTable("alembic_version").set({ version_num: revision }).execute());
}

interface ApiAnswer {
  readonly id: string;
  readonly state_type: string;
}

/** Asks again while the reference says 503: on SQLite its own services lock it out now and then. */
function post(apiUrl: string, path: string, body: object): Promise<ApiAnswer> {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return waitUntil(path, async () => {
    const response = await fetch(`${apiUrl}${path}`, request);
    if (response.status === 503) return undefined;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as ApiAnswer;
  });
}

async function createFlowRun(apiUrl: string): Promise<ApiAnswer> {
  const flow = await post(apiUrl, "/flows/", { name: "a flow", tags: ["x"] });
  return post(apiUrl, "/flow_runs/", { flow_id: flow.id, name: "a run", state: { type: "SCHEDULED" } });
}

const kinds: readonly DatabaseKind[] = ["sqlite", "postgresql"];

describe.each(kinds)("migrate on %s", (kind) => {
  const lacks = kind === "postgresql" ? missing("postgresql") : undefined;
  const withoutReference = lacks ?? missing("reference-3.9.1");

  test.skipIf(lacks)("creates the schema once, then changes nothing", async () => {
    await using place = await makePlace(kind);
    await using database = openPlace(place.where);

    const outcomes = [await migrate(database), await migrate(database)];

    const { version_num } = await database.read.selectFrom("alembic_version").selectAll().executeTakeFirstOrThrow();
    expect(outcomes).toEqual(["created", "current"]);
    expect(version_num).toBe(HEAD[database.dialect.name]);
  });

  test.skipIf(lacks)("lets several processes start at once", async () => {
    await using place = await makePlace(kind);
    await using one = openPlace(place.where);
    await using other = openPlace(place.where);

    const outcomes = await Promise.all([migrate(one), migrate(other)]);

    expect(outcomes.sort()).toEqual(["created", "current"]);
  });

  test.skipIf(lacks)("refuses an older revision and one it does not know, naming them", async () => {
    await using place = await makePlace(kind);
    await using database = openPlace(place.where);
    await migrate(database);

    for (const [revision, refusal] of [
      [kind === "sqlite" ? "5952a5498b51" : "68a44144428d", OutdatedDatabase],
      ["ffffffffffff", UnknownRevision],
    ] as const) {
      await setRevision(database, revision);
      const error: unknown = await migrate(database).catch((thrown: unknown) => thrown);
      expect(refusal.is(error) && error.message).toContain(revision);
    }
  });

  test.skipIf(lacks)("refuses tables that nobody claims", async () => {
    await using place = await makePlace(kind);
    await using database = openPlace(place.where);
    await database.write((tx) => sql`create table flow_run (id integer)`.execute(tx));

    const error: unknown = await migrate(database).catch((thrown: unknown) => thrown);

    expect(ForeignDatabase.is(error)).toBe(true);
  });

  test.skipIf(lacks)("fills in ids and times that a statement leaves out, in Prefect's formats", async () => {
    await using place = await makePlace(kind);
    await using database = openPlace(place.where);
    await migrate(database);

    await database.write((tx) => tx.insertInto("flow").values({ name: "f" }).execute());

    const flow = await database.read.selectFrom("flow").selectAll().executeTakeFirstOrThrow();
    expect(flow).toMatchObject({ name: "f", tags: "[]", labels: null });
    expect(flow.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.abs(Date.parse(flow.created) - Date.now())).toBeLessThan(60_000);
  });

  test.skipIf(withoutReference)(
    "makes the reference's tables, and opens a database of the reference's with its rows",
    async () => {
      await using reference = await startReference({ database: kind });
      const run = await createFlowRun(reference.apiUrl);
      const where = ourSpelling(reference.databaseUrl);
      await using place = await makePlace(kind);
      await using ours = openPlace(place.where);
      await migrate(ours);

      const [expected, actual] = [await introspect(where), await introspect(place.where)];
      await using adopted = openPlace(where);
      const outcome = await migrate(adopted);
      const row = await adopted.read.selectFrom("flow_run").selectAll().executeTakeFirstOrThrow();

      expect(actual).toEqual((kind === "sqlite" ? expected.map(withoutSlip) : expected).toSorted());
      expect(outcome).toBe("current");
      expect(row).toMatchObject({
        id: run.id,
        name: "a run",
        state_type: "SCHEDULED",
        auto_scheduled: false,
        total_run_time: 0,
      });
    },
    120_000,
  );

  test.skipIf(withoutReference)(
    "makes a database on which the reference's server starts and works",
    async () => {
      await using place = await makePlace(kind);
      await using database = openPlace(place.where);
      await migrate(database);

      const env = {
        PREFECT_API_DATABASE_CONNECTION_URL: place.referenceUrl,
        PREFECT_API_DATABASE_MIGRATE_ON_START: "true",
        PREFECT_API_BLOCKS_REGISTER_ON_START: "true",
      };
      await using reference = await startReference({ database: kind, env });
      const run = await createFlowRun(reference.apiUrl);
      await post(reference.apiUrl, `/flow_runs/${run.id}/set_state`, { state: { type: "RUNNING" } });

      const row = await database.read.selectFrom("flow_run").selectAll().executeTakeFirstOrThrow();
      const states = await database.read.selectFrom("flow_run_state").select("type").orderBy("timestamp").execute();
      expect(row).toMatchObject({ id: run.id, name: "a run", state_type: "RUNNING", run_count: 1 });
      expect(states.map(({ type }) => type)).toEqual(["SCHEDULED", "RUNNING"]);
    },
    120_000,
  );
});

/** The reference's own slips on SQLite: defaults of one table that SQLite cannot evaluate, and one it cannot read itself. */
function withoutSlip(fact: string): string {
  if (fact.includes(".total_run_time ")) return fact.replace("default='0'", "default='1970-01-01 00:00:00.000000'");
  if (!fact.startsWith("deployment_version.")) return fact;
  return fact
    .replace("default=GEN_RANDOM_UUID()", "default=random uuid")
    .replace("default=CURRENT_TIMESTAMP", "default=now");
}
