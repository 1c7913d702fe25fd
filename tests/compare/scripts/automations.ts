import type { Api } from "../api.ts";
import { script, scriptFile } from "../script.ts";
import { createDeployment, createPool, UNKNOWN_ID } from "./common.ts";

const trigger = { type: "event", posture: "Reactive", expect: ["something.happened"] };
const automation = { name: "an-automation", trigger, actions: [{ type: "do-nothing" }] };

/** Creates an automation with some of its fields changed, and reads it back. */
async function create(api: Api, fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { id } = await api.post("/automations/", { ...automation, ...fields });
  if (id !== "no-id") await api.get(`/automations/${id}`);
  return id;
}

const block_document_id = UNKNOWN_ID;

export const automations = scriptFile(import.meta.url, "automations", [
  script("create, read, change and delete", async (api) => {
    const id = await create(api, { description: "About.", tags: ["a", "b"], enabled: false });
    for (const change of [{ enabled: true }, {}, { enabled: null }, { enabled: "off" }, { name: "other" }]) {
      await api.patch(`/automations/${id}`, change);
      await api.get(`/automations/${id}`);
    }
    for (const change of [
      { ...automation, name: "renamed" },
      { ...automation, enabled: true, tags: [], description: "" },
      { ...automation, trigger: { ...trigger, id: UNKNOWN_ID }, actions_on_resolve: [{ type: "cancel-flow-run" }] },
      { name: "renamed" },
      { ...automation, owner_resource: "x" },
      { ...automation, id },
    ]) {
      await api.put(`/automations/${id}`, change);
      await api.get(`/automations/${id}`);
    }
    for (const unknown of [UNKNOWN_ID, "no-uuid"]) {
      await api.get(`/automations/${unknown}`);
      await api.put(`/automations/${unknown}`, automation);
      await api.patch(`/automations/${unknown}`, { enabled: true });
      await api.delete(`/automations/${unknown}`);
    }
    await api.delete(`/automations/${id}`);
    await api.get(`/automations/${id}`);
    await api.until(
      () => api.post("/events/filter", { filter: { event: { prefix: ["prefect.automation"] }, order: "ASC" } }),
      (answer) => answer.at("total") === 8,
    );
  }),

  script("event triggers", async (api) => {
    for (const fields of [
      { match: { "prefect.resource.id": "prefect.flow-run.*" }, match_related: { a: ["b", "c"] } },
      { match_related: [{ a: "b" }, { c: ["d"] }], after: ["x"], for_each: ["prefect.resource.id"] },
      { posture: "Proactive" },
      { posture: "Proactive", within: 0 },
      { posture: "Proactive", within: 9.5 },
      { posture: "Proactive", within: "PT1M" },
      { posture: "Proactive", within: "PT0S" },
      { posture: "Proactive", within: "soon" },
      { within: "PT5S", threshold: 3 },
      { within: -1.5 },
      { within: null },
      { within: [] },
      { posture: "Metric" },
      { posture: undefined },
      { expect: "text" },
      { match: { a: 1 } },
      { match: null },
      { match_related: [{ a: 1 }] },
      { match_related: [{ a: "b" }, 3] },
      { match_related: null },
      { threshold: "many" },
      { id: "no-uuid" },
      { extra: 1 },
      { type: undefined },
    ]) {
      await create(api, { trigger: { ...trigger, ...fields } });
    }
  }),

  script("composite triggers", async (api) => {
    const compound = { type: "compound", triggers: [trigger, trigger], within: 60, require: "all" };
    const sequence = { type: "sequence", triggers: [trigger, compound], within: null };
    for (const changed of [
      compound,
      { ...compound, require: "any", within: null },
      { ...compound, require: 2 },
      { ...compound, require: 0 },
      { ...compound, require: 3 },
      { ...compound, require: "some" },
      { ...compound, within: undefined },
      { ...compound, within: "PT1M", triggers: [] },
      sequence,
      { ...sequence, triggers: [{ ...compound, require: 9 }] },
      { ...sequence, within: -5 },
      { ...sequence, triggers: undefined },
      "text",
      null,
    ]) {
      await create(api, { trigger: changed });
    }
  }),

  script("actions", async (api) => {
    const deployment_id = UNKNOWN_ID;
    for (const action of [
      { type: "run-deployment", deployment_id, parameters: { n: 1.5 }, schedule_after: 60 },
      { type: "run-deployment", source: "inferred", schedule_after: "PT1H", job_variables: {} },
      { type: "run-deployment", source: "inferred", deployment_id },
      { type: "run-deployment", source: "guessed" },
      { type: "run-deployment" },
      { type: "run-deployment", source: "inferred", schedule_after: -1 },
      { type: "run-deployment", source: "inferred", parameters: [] },
      { type: "pause-deployment", deployment_id },
      { type: "resume-deployment", source: "inferred" },
      { type: "pause-work-pool" },
      { type: "resume-work-pool", source: "inferred" },
      { type: "pause-work-queue", source: "inferred" },
      { type: "resume-work-queue", work_queue_id: UNKNOWN_ID },
      { type: "pause-automation", automation_id: UNKNOWN_ID },
      { type: "resume-automation", source: "inferred" },
      { type: "cancel-flow-run" },
      { type: "delete-flow-run" },
      { type: "suspend-flow-run" },
      { type: "resume-flow-run" },
      { type: "change-flow-run-state", state: "FAILED", name: "Broken", message: "m", force: true },
      { type: "change-flow-run-state" },
      { type: "send-notification", block_document_id, body: "Hello {{ event.id }}" },
      { type: "send-notification", body: "x" },
      { type: "call-webhook", block_document_id, payload: { a: [1, "{{ x }}"] } },
      { type: "call-webhook", block_document_id, payload: null },
      { type: "do-nothing", extra: 1 },
      { type: "unknown" },
      {},
    ]) {
      await create(api, { actions: [action] });
    }
    await create(api, { actions: [], actions_on_trigger: [{ type: "do-nothing" }], actions_on_resolve: [{}] });
    await create(api, { actions: null });
  }),

  script("templates in actions", async (api) => {
    const run = { type: "run-deployment", source: "inferred" };
    for (const action of [
      { type: "send-notification", block_document_id, body: "{{ a", subject: "{% b" },
      { type: "send-notification", block_document_id, body: "{% for a in b %}x" },
      { type: "call-webhook", block_document_id, payload: "{{ }}" },
      { type: "call-webhook", block_document_id, payload: { a: "{% endfor %}" } },
      { ...run, parameters: { a: "{{ b }}", c: "x {{ d }}", e: { f: "{{ g }}" }, h: ["{{ i }}"] } },
      { ...run, parameters: { a: "{{", b: { c: "{%", d: "{{ 1 + }}" } } },
      { ...run, parameters: { a: ["{{ b"] } },
      { ...run, parameters: { a: { __prefect_kind: "jinja", template: "{{ b" } } },
      { ...run, parameters: { a: { __prefect_kind: "jinja" } } },
      { ...run, parameters: { a: { __prefect_kind: "json", value: "{" } } },
      {
        ...run,
        parameters: { a: { __prefect_kind: "json", value: { __prefect_kind: "jinja", template: "{{ b }}" } } },
      },
      { ...run, parameters: { a: { __prefect_kind: "workspace_variable", variable_name: "unknown" } } },
      { ...run, parameters: { a: { __prefect_kind: "none" } } },
    ]) {
      await create(api, { actions: [action] });
    }
  }),

  script("validate templates", async (api) => {
    for (const template of [
      "",
      "plain",
      "{{ a | unknown_filter }}",
      "{{",
      "one\n\n{{ a b }}",
      "{% for %}",
      "{% for a in b %}\n{% endif %}",
      "{% frobnicate %}",
      "{% for a in b %}{% for c in d %}{% for e in f %}{% endfor %}{% endfor %}{% endfor %}",
      "{% for a in b %}{% endfor %}".repeat(11),
    ]) {
      await api.post("/templates/validate", template);
      await api.post("/automations/templates/validate", template);
    }
    await api.post("/templates/validate");
    await api.post("/templates/validate", { template: "{{" });
    await api.post("/templates/validate", 1);
    await api.post("/templates/validate", null);
  }),

  script("runs that would trigger themselves", async (api) => {
    const expect = ["prefect.flow-run.*"];
    const inferred = [{ type: "run-deployment", source: "inferred" }];
    const selected = [{ type: "run-deployment", deployment_id: UNKNOWN_ID }];
    await create(api, { trigger: { ...trigger, expect }, actions: inferred });
    await create(api, { trigger: { ...trigger, expect }, actions: selected });
    await create(api, { trigger: { ...trigger, expect: ["prefect.flow-run.Failed"] }, actions: inferred });
    await create(api, { trigger: { ...trigger, expect, posture: "Proactive" }, actions: inferred });
    for (const narrowed of [
      { match: { "prefect.resource.id": "prefect.flow-run.*" } },
      { match: { "prefect.resource.id": ["x", "prefect.flow-run.*"] }, match_related: [{ a: "b" }] },
      { match: { "prefect.resource.id": "prefect.flow-run.1" } },
      { match_related: { "prefect.resource.id": "prefect.flow.1" } },
      { match_related: [] },
    ]) {
      await create(api, { trigger: { ...trigger, expect, ...narrowed }, actions: selected });
    }
    const id = await create(api, { trigger: { ...trigger, expect }, actions: inferred, enabled: false });
    await api.patch(`/automations/${id}`, { enabled: true });
    await api.patch(`/automations/${id}`, {});
    await api.put(`/automations/${id}`, { ...automation, trigger: { ...trigger, expect }, actions: inferred });
    await api.get(`/automations/${id}`);
  }),

  script("job variables of the deployments that actions run", async (api) => {
    await createPool(api, "a-pool", {
      base_job_template: {
        job_configuration: { n: "{{ n }}" },
        variables: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
      },
    });
    const deployment_id = await createDeployment(api, { work_pool_name: "a-pool" });
    const unpooled = await createDeployment(api, { name: "unpooled" });
    for (const action of [
      { deployment_id, job_variables: { n: 1 } },
      { deployment_id, job_variables: { n: "x" } },
      { deployment_id, job_variables: { m: 1 } },
      { deployment_id, job_variables: {} },
      { deployment_id: unpooled, job_variables: { n: "x" } },
      { deployment_id: UNKNOWN_ID, job_variables: { n: 1 } },
      { deployment_id: UNKNOWN_ID, job_variables: {} },
    ]) {
      const actions = [{ type: "run-deployment", ...action }];
      const id = await create(api, { actions });
      await api.put(`/automations/${id}`, { ...automation, actions });
    }
  }),

  script("automations of resources", async (api) => {
    const owner = await createDeployment(api);
    const other = await createDeployment(api, { name: "other" });
    const run = (deployment_id: string) => ({ type: "run-deployment", deployment_id });
    const resources = [`prefect.deployment.${owner}`, `prefect.deployment.${other}`, "anything", "no/path"];
    const owned = await create(api, { owner_resource: resources[0], actions: [run(other)] });
    await create(api, { name: "second", actions: [run(owner), run(owner), run(other)] });
    await create(api, { name: "third", owner_resource: "anything" });
    for (const resource of resources) await api.get(`/automations/related-to/${resource}`, { unordered: ["body"] });
    await api.put(`/automations/${owned}`, { ...automation, actions: [run(owner)] });
    for (const resource of resources) await api.get(`/automations/related-to/${resource}`, { unordered: ["body"] });
    await api.put(`/automations/${owned}`, automation);
    for (const resource of resources) await api.get(`/automations/related-to/${resource}`, { unordered: ["body"] });
    for (const resource of resources) await api.delete(`/automations/owned-by/${resource}`);
    await api.post("/automations/filter", {});
    for (const resource of resources) await api.get(`/automations/related-to/${resource}`);
  }),

  script("of a deployment that is deleted", async (api) => {
    const owner = await createDeployment(api);
    await create(api, { owner_resource: `prefect.deployment.${owner}` });
    await api.delete(`/deployments/${owner}`);
    await api.get(`/automations/related-to/prefect.deployment.${owner}`);
    await api.post("/automations/filter", {});
  }),

  script("filter, sort and count", async (api) => {
    const first = await create(api, { name: "alpha", tags: ["x"] });
    await create(api, { name: "beta", tags: ["x", "y"] });
    await create(api, { name: "gamma" });
    for (const sort of ["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC", "X"]) {
      await api.post("/automations/filter", { sort });
    }
    for (const filter of [
      { name: { any_: ["alpha", "unknown"] } },
      { name: { like_: "a" } },
      { id: { any_: [first] } },
      { id: { any_: [] } },
      { created: { before_: "2020-01-01T00:00:00Z" } },
      { created: { before_: "2100-01-01T00:00:00Z" } },
      { tags: { all_: ["x", "y"] } },
      { tags: { any_: ["y"] } },
      { tags: { is_null_: true } },
      { operator: "or_", name: { any_: ["gamma"] }, tags: { any_: ["y"] } },
      { unknown: 1 },
    ]) {
      await api.post("/automations/filter", { automations: filter });
      await api.post("/automations/count", { automations: filter });
    }
    await api.post("/automations/filter", { limit: 1, offset: 1 });
    await api.post("/automations/filter", { limit: 201 });
    await api.post("/automations/filter", { offset: -1 });
    await api.post("/automations/filter");
    await api.post("/automations/count");
  }),
]);
