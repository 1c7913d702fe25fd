import { expect, test } from "vitest";
import { type Api, createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

async function createRun(api: Api, fields: object = {}) {
  const flow_id = (await api.post("/flows/", { name: "f" })).id;
  return await api.post("/flow_runs/", { flow_id, ...fields });
}

forEachServer((start) => {
  test("a deleted run takes its task runs, states, inputs and logs along", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const { id } = await createRun(api);
    const task = await api.post("/task_runs/", { flow_run_id: id, task_key: "t", dynamic_key: "0" });
    const log = { name: "n", level: 20, message: "m", timestamp: "2030-01-01T00:00:00Z" };
    await api.post("/logs/", [{ ...log, flow_run_id: id }, log]);

    const first = await api.delete(`/flow_runs/${id}`);
    const second = await api.delete(`/flow_runs/${id}`);

    expect([first.status, second.status]).toEqual([204, 404]);
    expect((await api.get(`/task_runs/${task.id}`)).status).toBe(404);
    expect((await api.get(`/flow_run_states/?flow_run_id=${id}`)).body).toEqual([]);
    expect((await api.post("/logs/filter", {})).body).toHaveLength(1);
  });

  test("pages do not overlap, whatever order they are in", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    for (let n = 0; n < 5; n++) await createRun(api, { state: { type: "SCHEDULED" } });

    for (const sort of ["ID_DESC", "START_TIME_ASC", "EXPECTED_START_TIME_DESC", "NEXT_SCHEDULED_START_TIME_ASC"]) {
      const pages = await Promise.all(
        [1, 2, 3, 4].map((page) => api.post("/flow_runs/paginate", { sort, limit: 2, page })),
      );
      const ids = pages.flatMap((page) => (page.at("results") as { id: string }[]).map((run) => run.id));

      expect(new Set(ids).size).toBe(5);
      expect(pages.map((page) => page.at("pages"))).toEqual([3, 3, 3, 3]);
    }
  });

  test("a change leaves out what it does not name, and touches `updated`", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const run = await createRun(api, { tags: ["a"], parameters: { x: 1 }, name: "kept" });

    await api.patch(`/flow_runs/${run.id}`, { tags: ["b"], infrastructure_pid: "1" });

    const { updated, ...changed } = (await api.get(`/flow_runs/${run.id}`)).body as Record<string, unknown>;
    expect(changed).toMatchObject({ name: "kept", tags: ["b"], parameters: { x: 1 }, infrastructure_pid: "1" });
    expect(String(updated) > String(run.at("updated"))).toBe(true);
  });

  test("policies in the old words are read as the new ones", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);

    const run = await createRun(api, { empirical_policy: { max_retries: 3, retry_delay_seconds: 5 } });

    expect(run.at("empirical_policy")).toMatchObject({ retries: 3, retry_delay: 5 });
  });

  test("parameters may be as large as the settings say", async () => {
    await using server = await start({ env: { PREFECT_SERVER_API_MAX_PARAMETER_SIZE: "20" } });
    const api = createApi(server.apiUrl);
    const run = await createRun(api, { parameters: { x: "1234567890" } });

    const larger = await createRun(api, { parameters: { x: "12345678901234567890" } });
    const changed = await api.patch(`/flow_runs/${run.id}`, { parameters: { x: "12345678901234567890" } });

    expect([run.status, larger.status, changed.status]).toEqual([201, 422, 422]);
  });

  test("a run made by an automation says so", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const flow_id = (await api.post("/flows/", { name: "f" })).id;
    const id = "00000000-0000-4000-8000-00000000000a";
    const name = Buffer.from("Rerun ü").toString("base64");
    const headers = { "prefect-automation-id": id, "prefect-automation-name": name };

    const run = await api.post("/flow_runs/", { flow_id }, { headers });
    const found = await api.post("/flow_runs/count", { flow_runs: { created_by: { type_: ["AUTOMATION"] } } });

    expect(run.at("created_by")).toEqual({ id, type: "AUTOMATION", display_value: "Rerun ü" });
    expect(found.body).toBe(1);
  });

  test("a bulk change reports each run, and goes on after one that cannot change", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const done = await createRun(api, { state: { type: "COMPLETED" } });
    const pending = await createRun(api);

    const answer = await api.post("/flow_runs/bulk_set_state", { state: { type: "CANCELLING" } });

    const results = answer.at("results") as { flow_run_id: string; status: string }[];
    expect(results.map((result) => [result.flow_run_id, result.status])).toEqual([
      [pending.id, "ACCEPT"],
      [done.id, "ABORT"],
    ]);
  });

  test("a bulk deletion deletes the newest that match, and no more than its limit", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const kept = await createRun(api, { tags: ["other"] });
    const runs = [];
    for (let n = 0; n < 3; n++) runs.push((await createRun(api, { tags: ["x"] })).id);

    const flow_runs = { tags: { all_: ["x"] } };
    const first = await api.post("/flow_runs/bulk_delete", { flow_runs, limit: 2 });
    const second = await api.post("/flow_runs/bulk_delete", { flow_runs });

    expect(first.body).toEqual({ deleted: expect.arrayContaining([runs[1], runs[2]]) });
    expect(second.body).toEqual({ deleted: [runs[0]] });
    expect((await api.get(`/flow_runs/${kept.id}`)).status).toBe(200);
  });
});
