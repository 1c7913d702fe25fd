import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { hasTable } from "../../../src/db/dialects/catalog.ts";
import { downgrade, planDowngrade, planMakeover, runMakeover } from "../../../src/db/migrations/change-revision.ts";
import { migrate, planMigration } from "../../../src/db/migrations/migrate.ts";
import { waitUntil } from "../../support/disposable.ts";
import { onPostgres } from "../../support/postgres.ts";
import { type DatabaseKind, startReference } from "../../support/reference.ts";
import { missing } from "../../support/require.ts";
import { introspect, introspectIndexes } from "./introspect.ts";
import { makePlace, openPlace, type Place } from "./places.ts";
import { readRows } from "./read-rows.ts";
import { type ReferenceChain, walkReferenceChain } from "./reference-chain.ts";

const kinds: readonly DatabaseKind[] = ["sqlite", "postgresql"];
const WALK_MS = 180_000;

async function factsOf(where: string) {
  return { schema: await introspect(where), indexes: await introspectIndexes(where), rows: await readRows(where) };
}

describe.each(kinds)("upgrading on %s", (kind) => {
  const lacks =
    (kind === "postgresql" ? missing("postgresql") : undefined) ?? missing("reference-3.1.7", "reference-3.9.1");
  let chain: ReferenceChain;
  let expected: Awaited<ReturnType<typeof factsOf>>;

  beforeAll(async () => {
    if (lacks) return;
    chain = await walkReferenceChain(kind);
    expected = await factsOf(chain.at(chain.revisions.at(-1) ?? ""));
  }, WALK_MS);
  afterAll(async () => {
    await chain?.[Symbol.asyncDispose]();
  });

  const copyOf = (revision: string): Promise<Place> => makePlace(kind, chain.at(revision));

  /** What the reference makes of it, without the rows that only came later than `revision`. */
  async function expectedFrom(revision: string) {
    const tables = Object.keys(await readRows(chain.at(revision)));
    const later = ["deployment_version", "automation_held_event"].filter((table) => !tables.includes(table));
    return { ...expected, rows: { ...expected.rows, ...Object.fromEntries(later.map((table) => [table, []])) } };
  }

  test.skipIf(lacks)(
    "makes of every revision since 3.1.7 what the reference makes of it, rows and all",
    async () => {
      for (const revision of chain.revisions) {
        await using place = await copyOf(revision);
        await using database = openPlace(place.where);

        const outcome = await migrate(database);

        expect(outcome, revision).toBe(revision === chain.revisions.at(-1) ? "current" : "upgraded");
        expect(await factsOf(place.where), revision).toEqual(await expectedFrom(revision));
      }
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "goes on where it was cut off, whichever step that was",
    async () => {
      const [oldest = ""] = chain.revisions;
      await using place = await copyOf(oldest);

      const cut = new Set<string>();
      for (let outcome: string | undefined; outcome === undefined; ) {
        await using database = openPlace(place.where);
        const cutOff = ({ step }: { readonly step: string }) => {
          if (cut.has(step)) return;
          cut.add(step);
          throw new Error("cut off");
        };
        outcome = await migrate(database, { onProgress: cutOff }).catch((error: Error) => {
          expect(error.message).toBe("cut off");
          return undefined;
        });
      }

      expect(cut.size).toBeGreaterThan(20);
      expect(await factsOf(place.where)).toEqual(await expectedFrom(oldest));
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "lets several servers start at once on an old database",
    async () => {
      const [oldest = ""] = chain.revisions;
      await using place = await copyOf(oldest);
      await using one = openPlace(place.where);
      await using two = openPlace(place.where);
      await using three = openPlace(place.where);

      const outcomes = await Promise.all([one, two, three].map((database) => migrate(database)));

      expect(outcomes).toContain("upgraded");
      expect(await factsOf(place.where)).toEqual(await expectedFrom(oldest));
      expect(await leases(one)).toEqual([
        { holder_id: "00000000-0000-4000-8000-000000000030", slots: 1 },
        { holder_id: "00000000-0000-4000-8000-000000000031", slots: 1 },
      ]);
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "plans what it then does, with rows, and nothing twice",
    async () => {
      const [oldest = ""] = chain.revisions;
      await using place = await copyOf(oldest);
      await using database = openPlace(place.where);
      const steps: string[] = [];

      const planned = (await planMigration(database)) ?? [];
      const untouched = await factsOf(place.where);
      await migrate(database, { onProgress: ({ step, done }) => void (done === undefined && steps.push(step)) });

      expect(untouched).toEqual(await factsOf(chain.at(oldest)));
      expect(planned.map(({ step }) => step).filter((step) => step !== "Nothing to do")).toEqual(steps);
      expect(planned.find(({ step }) => step.startsWith("Turn limits"))?.rows).toBe(3);
      expect(await planMigration(database)).toEqual([]);
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "goes no further than it is told to",
    async () => {
      const [oldest = "", , third = ""] = chain.revisions;
      await using place = await copyOf(oldest);
      await using database = openPlace(place.where);

      await migrate(database, { revision: third.slice(0, 6) });

      expect(await introspect(place.where)).toEqual(await introspect(chain.at(third)));
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "goes back to where it came from, with the slots that are held, as the reference does",
    async () => {
      const [oldest = ""] = chain.revisions;
      await using place = await copyOf(oldest);
      await using database = openPlace(place.where);
      await migrate(database);

      const planned = await planDowngrade(database, oldest);
      await downgrade(database, oldest, () => undefined);

      expect(planned.length).toBeGreaterThan(20);
      expect(await factsOf(place.where)).toEqual(await factsOf(chain.at("downgraded")));
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "trades the reference's indexes for ours and back, leaving those of others",
    async () => {
      await using place = await copyOf(chain.revisions.at(-1) ?? "");
      await using fresh = await makePlace(kind);
      await using freshDatabase = openPlace(fresh.where);
      await using database = openPlace(place.where);
      await migrate(database);
      await migrate(freshDatabase);
      await database.write((tx) => sql`create index of_an_operator on flow_run (name, created)`.execute(tx));
      const isTheirs = (fact: string) => fact.includes("of_an_operator");

      const planned = await planMakeover(database, "optimize");
      await runMakeover(database, "optimize", () => undefined);
      const optimized = await introspectIndexes(place.where);
      const again = await planMakeover(database, "optimize");
      await runMakeover(database, "hand-back", () => undefined);
      const handedBack = await factsOf(place.where);

      expect(planned.length).toBeGreaterThan(50);
      expect(optimized.filter((fact) => !isTheirs(fact))).toEqual(await introspectIndexes(fresh.where));
      expect(again).toEqual([]);
      expect(handedBack.indexes.some(isTheirs)).toBe(true);
      expect({ ...handedBack, indexes: handedBack.indexes.filter((fact) => !isTheirs(fact)) }).toEqual(expected);
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "hands back a database of ours as one of the reference's, without slots that nobody renews",
    async () => {
      await using place = await makePlace(kind);
      await using database = openPlace(place.where);
      await migrate(database);
      await database.write(async (tx) => {
        const limit = {
          active: true,
          denied_slots: 0,
          limit: 9,
          avg_slot_occupancy_seconds: 2,
          slot_decay_per_second: 0,
        };
        const { id } = await tx
          .insertInto("concurrency_limit_v2")
          .values({ ...limit, name: "l", active_slots: 5 })
          .returning("id")
          .executeTakeFirstOrThrow();
        const lease = { limit_ids: JSON.stringify([id]), slots: 2, expires: "2030-01-01 00:00:00.000000" };
        await tx.insertInto("prefect_ts_lease").values([lease, lease]).execute();
      });

      await runMakeover(database, "hand-back", () => undefined);

      const { schema, indexes, rows } = await factsOf(place.where);
      expect({ schema, indexes }).toEqual({ schema: expected.schema, indexes: expected.indexes });
      expect(rows.concurrency_limit_v2?.[0]).toContain('"active_slots":1');
      expect(await hasTable(database.read, "prefect_ts_lease")).toBe(false);
    },
    WALK_MS,
  );

  test.skipIf(lacks || kind === "sqlite")(
    "builds an index anew that another upgrade has left unfinished",
    async () => {
      const [oldest = ""] = chain.revisions;
      await using place = await copyOf(oldest);
      await using database = openPlace(place.where);
      await onPostgres(place.where, async (client) => {
        await client.query("create index ix_flow_run__deployment_id on flow_run (deployment_id)");
        await client.query(
          "update pg_index set indisvalid = false where indexrelid = 'ix_flow_run__deployment_id'::regclass",
        );
      });

      await migrate(database);

      expect(await introspectIndexes(place.where)).toEqual(expected.indexes);
    },
    WALK_MS,
  );

  test.skipIf(lacks || kind === "sqlite")(
    "lets queries through while it waits for a table",
    async () => {
      const [oldest = ""] = chain.revisions;
      await using place = await copyOf(oldest);
      await using database = openPlace(place.where);

      const outcome = await onPostgres(place.where, async (client) => {
        await client.query("begin; lock table task_run in access share mode");
        const migrating = migrate(database);
        const isWaiting = async () => {
          const { rows } = await client.query(
            "select 1 from pg_locks where not granted and relation = 'task_run'::regclass",
          );
          return rows.length > 0;
        };
        await waitUntil("the migration waits", isWaiting, { timeoutMs: WALK_MS / 2 });
        await onPostgres(place.where, (other) => other.query("select count(*) from task_run"));
        await client.query("commit");
        return migrating;
      });

      expect(outcome).toBe("upgraded");
    },
    WALK_MS,
  );

  test.skipIf(lacks)(
    "leaves a database on which the reference's server starts and reads what was there",
    async () => {
      const [oldest = ""] = chain.revisions;
      await using place = await copyOf(oldest);
      await using database = openPlace(place.where);
      await migrate(database);

      const env = {
        PREFECT_API_DATABASE_CONNECTION_URL: place.referenceUrl,
        PREFECT_API_DATABASE_MIGRATE_ON_START: "true",
      };
      await using reference = await startReference({ database: kind, env });
      const response = await fetch(`${reference.apiUrl}/flow_runs/filter`, { method: "POST" });

      const runs = (await response.json()) as readonly { readonly name: string }[];
      expect(runs.map(({ name }) => name).sort()).toEqual(["later", "run"]);
    },
    WALK_MS,
  );
});

async function leases(database: Database) {
  const query = database.read.selectFrom("prefect_ts_lease").select(["holder_id", "slots"]).orderBy("holder_id");
  return query.execute();
}
