import { expect, test } from "vitest";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

const log = (n: number, more: object = {}) => ({
  name: "prefect.flow_runs",
  level: 20,
  message: `line ${n}`,
  timestamp: `2030-01-01T00:00:00.${String(n).padStart(6, "0")}Z`,
  ...more,
});

forEachServer((start, kind) => {
  test("logs keep their text, but for NUL", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);

    const messages = ["\0a\0b", "ü 🎉\n\u2028", "", "'; drop table log --", '{"json": [1.0]}', "\\u0000 %s ?"];
    await api.post(
      "/logs/",
      messages.map((message, n) => log(n, { message, name: "n\0" })),
    );

    const { body } = await api.post("/logs/filter", {});
    expect(body).toMatchObject(messages.map((message) => ({ name: "n", message: message.replaceAll("\0", "") })));
  });

  test("a batch with one bad log stores none", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);

    const { status } = await api.post("/logs/", [log(1), { ...log(2), level: "high" }]);

    expect(status).toBe(422);
    expect((await api.post("/logs/filter", {})).body).toEqual([]);
  });

  test("a level that no column holds is refused, or kept", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);

    const { status } = await api.post("/logs/", [log(1), log(2, { level: 100_000 })]);

    expect(status).toBe(kind === "postgresql" ? 422 : 201);
    expect((await api.post("/logs/filter", {})).body).toHaveLength(kind === "postgresql" ? 0 : 2);
  });

  test("a download has every log once, in order, whatever the number", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const flow = await api.post("/flows/", { name: "f" });
    const run = await api.post("/flow_runs/", { flow_id: flow.id, name: "50% (done)" });
    const count = 2500;
    // Each time is shared by three logs, so that pages end within equal times.
    const logs = Array.from({ length: count }, (_, n) =>
      log(Math.floor(n / 3), { message: `line ${n}`, flow_run_id: run.id }),
    );
    await api.post("/logs/", logs);

    const response = await fetch(`${server.apiUrl}/flow_runs/${run.id}/logs/download`);

    const lines = (await response.text()).split("\r\n");
    expect(response.headers.get("content-disposition")).toContain("filename*=UTF-8''50%25%20%28done%29-logs.csv");
    expect(lines).toHaveLength(count + 2);
    expect(lines.slice(1, -1).map((line) => line.split(",").at(-1))).toEqual(logs.map(({ message }) => message));
  });
});
