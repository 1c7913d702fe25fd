import { describe, expect, test } from "vitest";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { createApi } from "../../compare/api.ts";
import { waitUntil } from "../../support/disposable.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { missing } from "../../support/require.ts";
import { sameDatabase, subscribe } from "../../support/stream-subscriber.ts";

interface Told {
  readonly type: string;
  readonly log: { readonly message: string; readonly id: string };
}

const ON = { PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED: "true", PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED: "true" };
const log = (message: string, level = 20) => ({ name: "n", level, message, timestamp: "2030-01-01T00:00:00Z" });
const messages = (told: readonly Told[]) => told.map(({ log }) => log.message);

forEachServer((start) => {
  test("a subscriber is told of logs that match as they are stored, as the API shows them", async () => {
    await using server = await start({ env: ON });
    const api = createApi(server.apiUrl);
    using subscriber = await subscribe<Told>(server, "/logs/out", {
      type: "filter",
      filter: { level: { ge_: 30 }, text: { query: "wanted" } },
    });
    await subscriber.settled();

    await api.post("/logs/", [log("wanted", 20), log("other", 40), log("wanted too", 30)]);
    await subscriber.has(1);
    const { body: stored } = await api.post("/logs/filter", { logs: { level: { ge_: 30, le_: 30 } } });

    expect(subscriber.received).toEqual([{ type: "log", log: (stored as readonly unknown[])[0] }]);
  });

  test.each([
    ["nothing is published", { ...ON, PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED: "false" }],
    ["the stream is off", { ...ON, PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED: "false" }],
  ])("is let in and hears nothing where %s", async (_title, env) => {
    await using server = await start({ env });
    using subscriber = await subscribe<Told>(server, "/logs/out", { type: "filter", filter: {} });
    await subscriber.settled();

    await createApi(server.apiUrl).post("/logs/", [log("unheard")]);
    await subscriber.settled();

    expect(subscriber.received).toEqual([]);
  });

  test.each([
    [{ type: "hello" }, "Expected 'filter' message"],
    [{ type: "filter", filter: { level: 7 } }, "Invalid filter: "],
  ])("%j closes the socket", async (first, reason) => {
    await using server = await start({ env: ON });
    using subscriber = await subscribe<Told>(server, "/logs/out", first);

    expect(await subscriber.closed).toEqual([1002, expect.stringContaining(reason)]);
  });
});

describe.skipIf(missing("postgresql"))("with several servers on one PostgreSQL", () => {
  test("each log is told once, whichever server has stored it", async () => {
    const database = { database: "postgresql", postgresUrl: postgresUrl() } as const;
    await using one = await startTestServer({ ...database, env: ON });
    await using other = await startTestServer({ env: { ...ON, ...sameDatabase(one) } });
    using subscriber = await subscribe<Told>(one, "/logs/out", { type: "filter", filter: {} });
    await subscriber.settled();
    const [here, there] = [createApi(one.apiUrl), createApi(other.apiUrl)];
    // The first server listens to the other one from some moment on.
    await here.until(
      () => there.post("/logs/", [log("probe")]),
      () => subscriber.received.length > 0,
    );

    await here.post("/logs/", [log("here")]);
    await there.post(
      "/logs/",
      Array.from({ length: 450 }, (_, n) => log(`there ${n}`)),
    );
    const others = () => messages(subscriber.received).filter((message) => message !== "probe");
    await waitUntil("all of them", () => others().length >= 451);

    expect(others()).toHaveLength(451);
    expect(new Set(others()).size).toBe(451);
  });
});
