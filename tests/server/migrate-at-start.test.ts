import { describe, expect, test } from "vitest";
import { HEAD } from "../../src/db/migrations/0001-schema.ts";
import { OLDEST } from "../../src/db/migrations/chain.ts";
import { downgrade } from "../../src/db/migrations/change-revision.ts";
import { migrate } from "../../src/db/migrations/migrate.ts";
import { type Logger, silentLogger } from "../../src/kit/logger.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { makePlace, openPlace } from "../db/migrations/places.ts";
import { postgresUrl } from "../support/postgres.ts";
import { databaseRequirements, missing } from "../support/require.ts";

describe.each(["sqlite", "postgresql"] as const)("starting on an old database on %s", (kind) => {
  const lacks = missing(...databaseRequirements(kind));
  const dialect = kind === "sqlite" ? "sqlite" : "postgres";

  async function oldPlace() {
    const place = await makePlace(kind);
    await using database = openPlace(place.where);
    await migrate(database);
    await downgrade(database, OLDEST[dialect], () => undefined);
    return place;
  }

  async function startOn(place: { readonly referenceUrl: string }, migrates: boolean) {
    const logged: string[] = [];
    const note = (_fields: object, message: string) => void logged.push(message);
    const log: Logger = { ...silentLogger, info: note, warn: note };
    const env = {
      PREFECT_SERVER_DATABASE_CONNECTION_URL: place.referenceUrl,
      PREFECT_SERVER_DATABASE_MIGRATE_ON_START: String(migrates),
    };
    const server = await startTestServer({ database: kind, postgresUrl: postgresUrl(), env, log });
    return { server, logged };
  }

  async function revisionOf(where: string): Promise<string | undefined> {
    await using database = openPlace(where);
    return (await database.read.selectFrom("alembic_version").selectAll().executeTakeFirst())?.version_num;
  }

  test.skipIf(lacks)(
    "upgrades it first, and says what it does",
    async () => {
      await using place = await oldPlace();

      const { server, logged } = await startOn(place, true);
      await using running = server;
      const created = await fetch(`${running.apiUrl}/automations/count`, { method: "POST", body: "{}" });

      expect(created.status).not.toBe(500);
      expect(await revisionOf(place.where)).toBe(HEAD[dialect]);
      expect(logged).toContainEqual(expect.stringContaining("Build index ix_flow_run__deployment_id"));
    },
    60_000,
  );

  test.skipIf(lacks)(
    "leaves it alone with a warning where the settings say so",
    async () => {
      await using place = await oldPlace();

      const { server, logged } = await startOn(place, false);
      await server.stop();

      expect(await revisionOf(place.where)).toBe(OLDEST[dialect]);
      expect(logged).toContainEqual(expect.stringContaining("prefect server database upgrade"));
    },
    60_000,
  );
});
