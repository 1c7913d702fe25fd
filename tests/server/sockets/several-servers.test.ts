import { describe, expect, test } from "vitest";
import { startTestServer } from "../../../src/testing/index.ts";
import { createApi } from "../../compare/api.ts";
import { waitUntil } from "../../support/disposable.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { missing } from "../../support/require.ts";
import { sameDatabase, subscribe } from "../../support/stream-subscriber.ts";

interface Told {
  readonly event: { readonly id: string; readonly payload: unknown };
}

const event = (payload: unknown) => ({
  id: crypto.randomUUID(),
  occurred: new Date().toISOString(),
  event: "test.happened",
  resource: { "prefect.resource.id": "test" },
  payload,
});

describe.skipIf(missing("postgresql"))("with several servers on one PostgreSQL", () => {
  test("a subscriber is told of each event once, whichever server has stored it", async () => {
    await using one = await startTestServer({ database: "postgresql", postgresUrl: postgresUrl() });
    await using other = await startTestServer({ env: sameDatabase(one) });
    const filter = { event: { name: ["test.happened"] } };
    using subscriber = await subscribe<Told>(one, "/events/out", { type: "filter", filter });
    await subscriber.settled();

    const [mine, theirs] = [Array.from({ length: 300 }, event), Array.from({ length: 700 }, event)];
    await Promise.all([
      createApi(one.apiUrl).post("/events", mine),
      createApi(other.apiUrl).post("/events", theirs.slice(0, 350)),
      createApi(other.apiUrl).post("/events", theirs.slice(350)),
    ]);
    await subscriber.has(1000);
    await createApi(other.apiUrl).post("/events", [event({ n: 12345678901234567890n.toString() })]);
    await waitUntil("the last", () => subscriber.received.length >= 1001);

    const ids = subscriber.received.map(({ event }) => event.id);
    expect(new Set(ids).size).toBe(1001);
    expect(ids).toHaveLength(1001);
  });
});
