import { sql } from "kysely";
import { describe, expect, test, vi } from "vitest";
import type { Event } from "../../src/schemas/event.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { postgresUrl } from "../support/postgres.ts";
import { databaseRequirements, missing } from "../support/require.ts";

const event = (number: number, payload: Record<string, unknown> = {}): Event => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  occurred: "2026-01-01T00:00:00Z",
  event: "test.happened",
  resource: { "prefect.resource.id": `test.${number}` },
  related: [],
  payload,
  follows: null,
});

describe.each(["sqlite", "postgresql"] as const)("taking events in on %s", (database) => {
  const start = () => startTestServer({ database, postgresUrl: postgresUrl() });

  describe.skipIf(missing(...databaseRequirements(database)))("events", () => {
    test("that arrive together are all stored and announced, each once", async () => {
      await using server = await start();
      const announced: string[] = [];
      server.ctx.bus.subscribe((events) => announced.push(...events.map(({ id }) => id)));
      const sent = Array.from({ length: 1200 }, (_, index) => event(index % 1000));
      await Promise.all([server.ctx.ingest.add(sent), server.ctx.ingest.add(sent.slice(0, 300))]);
      const { rows } = await sql<{ n: number }>`select count(*) as n from events`.execute(server.ctx.db.read);
      expect([Number(rows[0]?.n), announced.length, new Set(announced).size]).toEqual([1000, 1000, 1000]);
      expect(server.ctx.ingest.backlog).toBe(0);
    });

    test("that cannot be stored fail alone", async () => {
      await using server = await start();
      let tooDeep: unknown = [];
      for (let level = 0; level < 20_000; level += 1) tooDeep = [tooDeep];
      const events = Array.from({ length: 100 }, (_, index) => event(index, index === 41 ? { tooDeep } : {}));
      const results = await Promise.allSettled(events.map((one) => server.ctx.ingest.add([one])));
      expect(results.flatMap(({ status }, index) => (status === "rejected" ? index : []))).toEqual([41]);
      const { rows } = await sql<{ n: number }>`select count(*) as n from events`.execute(server.ctx.db.read);
      expect(Number(rows[0]?.n)).toBe(99);
    });

    test("of one sender are stored without the one that cannot be, of which the sender is told", async () => {
      await using server = await start();
      let tooDeep: unknown = [];
      for (let level = 0; level < 20_000; level += 1) tooDeep = [tooDeep];
      const events = Array.from({ length: 1100 }, (_, index) => event(index, index === 700 ? { tooDeep } : {}));

      const [one, other] = await Promise.allSettled(
        [events.slice(0, 400), events.slice(400)].map(server.ctx.ingest.add),
      );

      expect([one?.status, other?.status]).toEqual(["fulfilled", "rejected"]);
      const { rows } = await sql<{ n: number }>`select count(*) as n from events`.execute(server.ctx.db.read);
      expect([Number(rows[0]?.n), server.ctx.ingest.backlog]).toEqual([1099, 0]);
    });

    test("are refused together, and not announced, while the database is away", async () => {
      await using server = await start();
      const listener = vi.fn();
      server.ctx.bus.subscribe(listener);
      await server.ctx.db.close();
      const results = await Promise.allSettled([1, 2, 3].map((number) => server.ctx.ingest.add([event(number)])));
      for (const result of results) expect(result).toMatchObject({ status: "rejected", reason: { status: 503 } });
      expect(listener).not.toHaveBeenCalled();
    });
  });
});
