import { expect, test } from "vitest";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

const HOSTILE: readonly object[] = [
  { name: "a\0b" },
  { name: "\ud800" },
  { name: "" },
  { description: "a\0b" },
  { tags: ["a\0b"] },
  { parameters: { "a\0b": "c\0d" } },
  { parameters: { n: 2 ** 60 } },
  { parameters: { __proto__: { polluted: true }, constructor: 1 } },
  { job_variables: { env: { A: "\0" } } },
  { work_queue_name: "q\0" },
  { work_pool_name: "p\0" },
  { version: "x".repeat(100_000) },
  { schedules: [{ schedule: { interval: 1e300 } }] },
  { schedules: [{ schedule: { interval: 1e-9 } }] },
  { schedules: [{ schedule: { interval: 60, anchor_date: "0001-01-01T00:00:00Z" } }] },
  { schedules: [{ schedule: { interval: 60, anchor_date: "9999-12-31T23:59:59.999999Z" } }] },
  { schedules: [{ schedule: { cron: "* * * * *" }, slug: "s\0" }] },
  {
    schedules: [
      { schedule: { cron: "* * * * *" }, slug: "same" },
      { schedule: { cron: "* * * * *" }, slug: "same" },
    ],
  },
  { schedules: [{ schedule: { cron: "* * * * *" }, max_scheduled_runs: 1e12 }] },
  { parameter_openapi_schema: { properties: [] }, parameters: { a: 1 }, enforce_parameter_schema: true },
  { parameter_openapi_schema: { $ref: "#" }, parameters: { a: 1 }, enforce_parameter_schema: true },
  { parameter_openapi_schema: { properties: { a: { pattern: "(" } } }, parameters: { a: "x" } },
  { concurrency_limit: 2 ** 40 },
];

forEachServer((start) => {
  test("no deployment is too strange for an answer, and what is refused leaves nothing", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });

    for (const fields of HOSTILE) {
      const { status, body, id } = await api.post("/deployments/", { name: "d", flow_id, ...fields });

      expect(status, `${JSON.stringify(fields).slice(0, 200)} -> ${JSON.stringify(body)}`).toBeLessThan(500);
      expect((await api.post("/deployments/count", {})).body).toBe(status < 300 ? 1 : 0);
      if (status >= 300) continue;
      const run = await api.post(`/deployments/${id}/create_flow_run`, {});
      expect(run.status, JSON.stringify(fields).slice(0, 200)).toBeLessThan(500);
      const times = { start_time: "2026-01-01T00:00:00Z", max_runs: 2 };
      expect((await api.post(`/deployments/${id}/schedule`, times)).status).toBe(200);
      expect((await api.delete(`/deployments/${id}`)).status).toBe(204);
    }
  });

  test("a refused run leaves no queue behind", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    await api.post("/work_pools/", { name: "p", type: "process" });
    const { id } = await api.post("/deployments/", { name: "d", flow_id, work_pool_name: "p" });

    const body = { work_queue_name: "new", parent_task_run_id: "00000000-0000-4000-8000-000000000000" };
    const { status } = await api.post(`/deployments/${id}/create_flow_run`, body);

    expect(status).toBe(409);
    expect((await api.post("/work_pools/p/queues/filter", {})).body).toHaveLength(1);
  });

  test("the same idempotency key gives the same run, however many ask at once", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    const { id } = await api.post("/deployments/", { name: "d", flow_id });

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.post(`/deployments/${id}/create_flow_run`, { idempotency_key: "k" })),
    );

    const made = answers.filter(({ status }) => status < 300);
    expect(new Set(made.map((answer) => answer.id)).size).toBe(1);
    expect(made.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await api.post("/flow_runs/count", {})).body).toBe(1);
  });

  test("parameters that are too large are refused wherever they are set", async () => {
    await using server = await start({ env: { PREFECT_SERVER_API_MAX_PARAMETER_SIZE: "20" } });
    const api = createApi(server.apiUrl);
    const flow_id = (await api.post("/flows/", { name: "f" })).id;
    const parameters = { text: "x".repeat(20) };
    const { id } = await api.post("/deployments/", { name: "d", flow_id });

    const answers = [
      await api.post("/deployments/", { name: "large", flow_id, parameters }),
      await api.patch(`/deployments/${id}`, { parameters }),
      await api.post(`/deployments/${id}/create_flow_run`, { parameters }),
      await api.post(`/deployments/${id}/create_flow_run/bulk`, [{}, { parameters }]),
    ];

    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(answers.map((answer) => answer.at("exception_detail.0.loc"))).toEqual([
      ...Array.from({ length: 3 }, () => ["body", "parameters"]),
      ["body", 1, "parameters"],
    ]);
    expect((await api.post("/flow_runs/count", {})).body).toBe(0);
  });
});
