import { script, scriptFile } from "../script.ts";
import { createFlow, createFlowRun, UNKNOWN_ID } from "./common.ts";

export const errors = scriptFile(import.meta.url, "errors", [
  script("unknown paths and methods", async (api) => {
    await api.get("/nothing/here");
    await api.get("/flows");
    await api.post("/flows", { name: "x" });
    await api.get("/flow_runs/filter");
    await api.post("/flow_runs/paginate/");
    await api.put("/flows/", {});
    await api.delete("/flows/filter");
    await api.send("OPTIONS", "/flows/");
    await api.send("PATCH", "/health");
    await api.get(`/flow_runs/${UNKNOWN_ID.toUpperCase()}`);
    await api.get(`/flow_runs/${UNKNOWN_ID.replaceAll("-", "")}`);
    await api.get(`/flow_run_states/?flow_run_id=nope`);
    await api.get("/flow_run_states/");
  }),

  script("bodies that are not JSON", async (api) => {
    for (const raw of [
      "",
      " ",
      "{",
      "nope",
      '{"name": }',
      '{"name":"a"',
      "[1,]",
      "null",
      "1",
      '"text"',
      "[]",
      "true",
    ]) {
      await api.post("/flows/", undefined, { raw });
      await api.post("/flow_runs/filter", undefined, { raw });
    }
    await api.post("/flows/", undefined, {
      raw: "name=x",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    await api.post("/flows/", undefined, { raw: '{"name":"text"}', headers: { "content-type": "text/plain" } });
    await api.post("/flows/", undefined, {
      raw: '{"name":"upper"}',
      headers: { "content-type": "APPLICATION/JSON; charset=utf-8" },
    });
    await api.post("/flows/", undefined, {
      raw: '{"name":"suffix"}',
      headers: { "content-type": "application/vnd.x+json" },
    });
  }),

  script("wrong types in a body", async (api) => {
    for (const body of [
      { name: 5 },
      { name: null },
      { name: ["x"] },
      { name: "x", tags: "a" },
      { name: "x", tags: [1, null] },
      { name: "x", labels: { a: [1] } },
      { name: "x", extra: 1, other: 2 },
      {},
    ]) {
      await api.post("/flows/", body);
    }
    const flow_id = await createFlow(api);
    for (const body of [
      { flow_id: 5 },
      { flow_id, parameters: [] },
      { flow_id, parameters: null },
      { flow_id, tags: null },
      { flow_id, empirical_policy: { retries: "many", unknown: 1 } },
      { flow_id, empirical_policy: { retries: 1.5 } },
      { flow_id, empirical_policy: { retries: "2", retry_delay: 1 } },
      { flow_id, empirical_policy: { pause_keys: ["a", "a"] } },
      { flow_id, state: "RUNNING" },
      { flow_id, state: { type: "RUNNING", state_details: { pause_timeout: 1_900_000_000 } } },
      { flow_id, labels: { a: null } },
    ]) {
      await api.post("/flow_runs/", body);
    }
  }),

  script("numbers and dates at the edges", async (api) => {
    await api.post("/flow_runs/filter", undefined, { raw: '{"limit": 1e2}' });
    await api.post("/flow_runs/filter", undefined, { raw: '{"limit": 2.5}' });
    await api.post("/flow_runs/filter", undefined, { raw: '{"limit": "3"}' });
    await api.post("/flow_runs/filter", undefined, { raw: '{"limit": true}' });
    await api.post("/flow_runs/filter", undefined, { raw: '{"offset": 99999999999999999999999}' });
    const flow_id = await createFlow(api);
    for (const parameters of [
      '{"big": 123456789012345678901234567890}',
      // The text of exponents and of digits beyond a double's is kept by ours and rewritten by the reference.
      '{"float": 1.0}',
      '{"max": 9007199254740993, "min": -9223372036854775808}',
      '{"nan": NaN}',
      '{"infinity": Infinity}',
      '{"__proto__": {"polluted": 1}, "constructor": 1, "toString": 2}',
      '{"a": 1, "a": 2}',
      '{"": "empty key"}',
    ]) {
      await api.post("/flow_runs/", undefined, { raw: `{"flow_id": "${flow_id}", "parameters": ${parameters}}` });
    }
    for (const scheduled_time of [
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999999Z",
      "10000-01-01T00:00:00Z",
      "2030-02-30T00:00:00Z",
      "2030-01-01",
      "2030-01-01T00:00",
      "2030-01-01 00:00:00+05:30",
      "2030-01-01T00:00:00.1234567Z",
      1_900_000_000,
      1_900_000_000_000,
      "1900000000",
      1_900_000_000.25,
      true,
      "",
    ]) {
      await api.post("/flow_runs/", { flow_id, state: { type: "SCHEDULED", state_details: { scheduled_time } } });
    }
  }),

  script("version headers", async (api) => {
    for (const version of ["0.8.4", "0.8.0", "0.7.0", "0.9.0", "nonsense", "1", "0.8.4.1"]) {
      await api.get("/flows/name/unknown", { headers: { "x-prefect-api-version": version } });
    }
  }),

  script("several errors in one body", async (api) => {
    const id = await createFlowRun(api);
    await api.post(`/flow_runs/${id}/set_state`, { state: { type: 1, name: 2, state_details: { a: 1 } }, force: "x" });
    await api.post("/flow_runs/filter", {
      sort: "X",
      limit: "y",
      offset: -1,
      flow_runs: { name: { any_: "z" }, nope: 1 },
    });
    await api.post("/task_runs/", { task_key: 1, dynamic_key: null, flow_run_id: "x", tags: 5 });
    await api.post("/logs/", [{ name: "n" }, { level: 1 }]);
    await api.post("/logs/", { name: "n" });
  }),
]);
