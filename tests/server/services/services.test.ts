import { expect, test } from "vitest";
import { silentLogger } from "../../../src/kit/logger.ts";
import { services } from "../../../src/server/services/all.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { createApi } from "../../compare/api.ts";

test.each([
  ["logged when that is asked for", { PREFECT_SERVER_SERVICES_EVENT_LOGGER_ENABLED: "true" }, 1],
  ["not logged otherwise", {}, 0],
])("events are %s", async (_title, env, times) => {
  const logged: object[] = [];
  const log = {
    ...silentLogger,
    info: (fields: object, message: string) => message === "event" && logged.push(fields),
  };
  await using server = await startTestServer({ env, log, services: true });

  await createApi(server.apiUrl).post("/flows/", { name: "f" });

  expect(logged.filter((fields) => "event" in fields && fields.event === "prefect.flow.created")).toHaveLength(times);
});

test("no two services have one name", () => {
  expect(new Set(services.map(({ name }) => name)).size).toBe(services.length);
});
