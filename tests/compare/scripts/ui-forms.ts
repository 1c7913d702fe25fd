import { script, scriptFile } from "../script.ts";
import { createTaskRun, inSeconds } from "./common.ts";

const kind = (name: string, rest: object = {}) => ({ __prefect_kind: name, ...rest });

export const uiForms = scriptFile(import.meta.url, "ui-forms", [
  script("how task runs ended", async (api) => {
    for (const type of ["COMPLETED", "FAILED", "CRASHED", "CANCELLED", "RUNNING"]) {
      const id = await createTaskRun(api, { task_key: type, state: { type: "RUNNING" } });
      if (type !== "RUNNING") await api.post(`/task_runs/${id}/set_state`, { state: { type }, force: true });
    }
    const count = (task_runs: object, more: object = {}) =>
      api.post("/ui/task_runs/dashboard/counts", { task_runs, ...more });
    await count({ start_time: { after_: inSeconds(-86_400) } });
    await count({ start_time: { after_: inSeconds(-7200), before_: inSeconds(3600) } });
    await count({ start_time: { after_: inSeconds(-7200), before_: inSeconds(-3600) } });
    await count({ start_time: { after_: inSeconds(3600) } });
    await count({ start_time: { after_: inSeconds(-3600) }, state: { type: { any_: ["RUNNING"] } } });
    await count({ start_time: { after_: inSeconds(-3600) } }, { flows: { name: { any_: ["unknown"] } } });
    await count({ start_time: { after_: inSeconds(-3600) } }, { flow_runs: {}, work_queues: {} });
    await count({});
    await count({ start_time: { before_: inSeconds(1) } });
    await count({ nope: 1 });
    await api.post("/ui/task_runs/dashboard/counts", {});
    await api.post("/ui/task_runs/dashboard/counts");
  }),

  script("values and their schema", async (api) => {
    await api.post("/variables/", { name: "colour", value: "red" });
    const validate = (schema: unknown, values: unknown) => api.post("/ui/schemas/validate", { schema, values });
    const schema = {
      type: "object",
      properties: {
        a: { type: "integer" },
        b: { type: "array", items: { type: "string" } },
        c: { type: "object", properties: { d: { type: "array", items: { $ref: "#/definitions/E" } } } },
        f: { anyOf: [{ type: "string" }, { type: "null" }] },
        g: { type: "string", minLength: 2, pattern: "^x" },
      },
      required: ["a", "b"],
      definitions: { E: { type: "object", properties: { n: { type: "number" } }, required: ["n"] } },
    };
    for (const values of [
      {},
      { a: 1, b: [] },
      { a: "1", b: [1, "x", 2] },
      { a: 1, b: [], c: { d: [{}, { n: 1 }, { n: "1" }, 3] } },
      { a: 1, b: [], f: 1, g: "a" },
      { a: kind("json", { value: "1" }), b: kind("json", { value: "[1" }) },
      { a: kind("jinja", { template: "{{ x }}" }), b: [kind("jinja", { template: "y" })] },
      { a: kind("jinja"), b: [kind("none")] },
      { a: kind("workspace_variable", { variable_name: "colour" }), b: [] },
      { a: kind("workspace_variable", { variable_name: "none" }), b: [kind("workspace_variable")] },
      { a: 1, b: [], f: kind("workspace_variable", { variable_name: "none" }), z: kind("none") },
      kind("jinja", { template: "x" }),
      kind("none"),
      kind("json"),
    ]) {
      await validate(schema, values);
    }
    await validate({ ...schema, additionalProperties: false }, { a: 1, b: [], x: 1 });
    await validate({}, { x: 1 });
  }),

  script("schemas that are none", async (api) => {
    const validate = (schema: unknown, values: unknown = { a: 1 }) =>
      api.post("/ui/schemas/validate", { schema, values });
    for (const schema of [
      { type: "nope" },
      { type: ["string", "string"] },
      { properties: { a: 3 } },
      { properties: 3 },
      { required: "a" },
      { required: ["a", "a"] },
      { properties: { a: { type: "integer", minimum: "1" } } },
      { properties: { a: { minLength: -1 } } },
      { properties: { a: { enum: 1 } } },
      { properties: { a: { pattern: "(" } } },
      { properties: { a: { anyOf: [] } } },
      { properties: { a: { title: 1, description: 2, format: 3 } } },
      { definitions: { a: { type: "x" } } },
      { $defs: { a: { items: [] } } },
      { $ref: 1 },
      { $anchor: "1" },
      { $ref: "#/definitions/x" },
      { $ref: "#" },
      { properties: { a: { $ref: "http://127.0.0.1:9/x.json" } } },
    ]) {
      await validate(schema);
    }
    await api.post("/ui/schemas/validate", { values: {} });
    await api.post("/ui/schemas/validate", { schema: {} });
    await api.post("/ui/schemas/validate", { schema: [], values: 1 });
    await api.post("/ui/schemas/validate");
  }),
]);
