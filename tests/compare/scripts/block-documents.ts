import { script, scriptFile } from "../script.ts";
import { createKind, createSchema, createType, documentsOf, reference } from "./block-kinds.ts";
import { UNKNOWN_ID } from "./common.ts";

const KINDS = new URL("block-kinds.ts", import.meta.url).href;

const documents = script("documents: create, read, change and delete", async (api) => {
  const kind = await createKind(api, "a-type", {
    secret_fields: ["password", "inner.key", "headers.*", "none", "list"],
  });
  const data = {
    a: "text",
    password: "secret",
    inner: { key: 1, open: "shown" },
    headers: { x: "1", y: { z: null } },
    none: null,
    list: ["s"],
    number: 1.5,
    big: 12345678901234567890n.toString(),
  };
  const id = await documentsOf(api, kind)("a-document", data);
  await documentsOf(api, kind)("a-document", {});
  await api.get(`/block_documents/${id}`);
  await api.get(`/block_documents/${id}?include_secrets=true`);
  await api.get(`/block_documents/${id}?include_secrets=perhaps`);
  await api.get(`/block_documents/${UNKNOWN_ID}`);
  for (const path of [
    "a-type/block_documents",
    "a-type/block_documents?include_secrets=1",
    "unknown/block_documents",
    "a-type/block_documents/name/a-document",
    "a-type/block_documents/name/a-document?include_secrets=true",
    "a-type/block_documents/name/unknown",
    "unknown/block_documents/name/a-document",
  ])
    await api.get(`/block_types/slug/${path}`);
  await api.delete(`/block_documents/${id}`);
  await api.delete(`/block_documents/${id}`);
  await api.until(
    () => api.post("/events/filter", { filter: { resource: { id: [`prefect.block-document.${id}`] }, order: "ASC" } }),
    (answer) => answer.at("total") === 2,
  );
});

const changes = script("documents: what a change keeps", async (api) => {
  const kind = await createKind(api, "a-type", { secret_fields: ["password", "inner.key", "headers.*", "none"] });
  const second = await createSchema(api, kind.block_type_id, { fields: { title: "Second", secret_fields: ["a"] } });
  const other = await createKind(api, "other");
  const data = { a: 1, password: "secret", inner: { key: 1 }, headers: { x: "1", y: "2" }, none: null, old: true };
  const id = await documentsOf(api, kind)("a-document", data);
  for (const change of [
    { data: { a: 2 } },
    { data: { password: "********", inner: { key: "********", more: 1 }, headers: { x: "********", y: "new" } } },
    { data: { password: "new", none: "********" } },
    { data: { headers: {} } },
    {},
    { data: {} },
    { block_schema_id: second },
    { data: { a: 3 }, block_schema_id: second },
    { data: { a: 4 }, block_schema_id: other.block_schema_id },
    { data: { a: 4 }, block_schema_id: UNKNOWN_ID },
    { data: { a: 4 }, block_schema_id: null },
    { data: { only: "this" }, merge_existing_data: false },
    { merge_existing_data: false },
    { data: null },
    { data: [] },
    { name: "other" },
    { merge_existing_data: "perhaps" },
  ]) {
    await api.patch(`/block_documents/${id}`, change);
    await api.get(`/block_documents/${id}?include_secrets=true`);
  }
  await api.patch(`/block_documents/${UNKNOWN_ID}`, { data: {} });
});

const names = script("documents: names and kinds that are refused", async (api) => {
  const kind = await createKind(api, "a-type");
  for (const name of ["Upper", "a b", "a_b", "", "a/b", "ü", null, 1, "x".repeat(300)])
    await api.post("/block_documents/", { name, data: {}, ...kind });
  await api.post("/block_documents/", { data: {}, ...kind });
  await api.post("/block_documents/", { name: "n", data: [], ...kind });
  await api.post("/block_documents/", { name: "without-data", ...kind });
  await api.post("/block_documents/", { name: "n", data: {}, ...kind, block_type_id: UNKNOWN_ID });
  await api.post("/block_documents/", { name: "n", data: {}, ...kind, block_schema_id: UNKNOWN_ID });
  await api.post("/block_documents/", { name: "n", data: {} });
  await api.post("/block_documents/", { name: "n", data: {}, ...kind, extra: 1 });
  const anonymous = await api.post("/block_documents/", { data: { a: "x" }, is_anonymous: true, ...kind });
  await api.post("/block_documents/", { name: "given", data: {}, is_anonymous: true, ...kind });
  await api.post("/block_documents/", { name: "", data: {}, is_anonymous: true, ...kind });
  await api.get(`/block_documents/${anonymous.id}`);
  await api.get("/block_types/slug/a-type/block_documents/name/given");
  await api.get("/block_types/slug/a-type/block_documents");
  await api.post("/block_documents/count");
  await api.delete(`/block_documents/${anonymous.id}`);
});

const nestedDocuments = script("documents: references", async (api) => {
  const leaf = await createKind(api, "leaf", { secret_fields: ["password"] });
  const branch = await createKind(api, "branch", { secret_fields: ["own", "below.password"] });
  const first = await documentsOf(api, leaf)("first", { password: "p", open: "o" });
  const second = await documentsOf(api, leaf)("second", { password: "q" });
  const middle = await documentsOf(api, branch)("middle", {
    own: "s",
    below: reference(first),
    plain: { $ref: "no" },
  });
  const branchId = await documentsOf(api, branch)("middle-2", { own: "s", below: reference(first) });
  const top = await documentsOf(api, branch)("top", {
    left: reference(branchId),
    right: reference(second),
    n: [reference(first)],
  });
  await api.get(`/block_documents/${middle}`);
  await api.get(`/block_documents/${top}`);
  await api.get(`/block_documents/${top}?include_secrets=true`);
  await api.post("/block_documents/filter", { include_secrets: true });
  for (const value of [{ $ref: {} }, { $ref: { block_document_id: null } }, reference(UNKNOWN_ID), { $ref: null }])
    await api.patch(`/block_documents/${top}`, { data: { left: value } });
  await api.patch(`/block_documents/${top}`, { data: { left: reference("not-a-uuid") } }, { ignore: ["detail"] });
  await documentsOf(api, leaf)("dangling", { x: reference(UNKNOWN_ID) });
  await api.patch(`/block_documents/${top}`, { data: { left: reference(top) } });
  await api.patch(`/block_documents/${first}`, { data: { up: reference(top) } });
  await api.patch(`/block_documents/${branchId}`, { data: { up: reference(second) } });
  await api.get(`/block_documents/${top}`);
  await api.patch(`/block_documents/${top}`, { data: { left: reference(branchId), right: 1 } });
  await api.get(`/block_documents/${top}`);
  await api.delete(`/block_documents/${second}`);
  await api.get(`/block_documents/${branchId}`);
  await api.post("/block_documents/count", {});
});

const depth = script("documents: how deep references go", async (api) => {
  const kind = await createKind(api, "link");
  let last = await documentsOf(api, kind)("link-0", { at: 0 });
  const first = last;
  for (let at = 1; at <= 51; at++) last = await documentsOf(api, kind)(`link-${at}`, { next: reference(last) });
  await api.get(`/block_documents/${last}`);
  const below = await documentsOf(api, kind)("below", {});
  await api.patch(`/block_documents/${first}`, { data: { next: reference(below) } });
});

const lists = script("documents: filter, sort, count and page", async (api) => {
  const kinds = [await createKind(api, "b-kind"), await createKind(api, "a-kind", { secret_fields: ["s"] })] as const;
  const ids: string[] = [];
  for (const [index, name] of ["delta", "alpha", "beta-1", "gamma"].entries())
    ids.push(await documentsOf(api, kinds[index % 2 === 0 ? 0 : 1])(name, { s: name }));
  await api.post("/block_documents/", { data: {}, is_anonymous: true, ...kinds[0] });
  for (const sort of ["NAME_DESC", "NAME_ASC", "BLOCK_TYPE_AND_NAME_ASC", "X"])
    await api.post("/block_documents/filter", { sort });
  for (const filter of [
    {},
    { block_documents: {} },
    { block_documents: { is_anonymous: { eq_: true } } },
    { block_documents: { is_anonymous: null } },
    { block_documents: { name: { any_: ["alpha", "gamma"] } } },
    { block_documents: { name: { like_: "TA" } } },
    { block_documents: { name: { like_: "a_1" } } },
    { block_documents: { id: { any_: [ids[0]] } } },
    { block_documents: { id: { any_: [] } } },
    { block_documents: { block_type_id: { any_: [kinds[1].block_type_id] } } },
    { block_documents: { operator: "or_", name: { any_: ["alpha"] }, is_anonymous: { eq_: true } } },
    { block_types: { slug: { any_: ["a-kind"] } } },
    { block_types: { name: { like_: "b-" } }, block_documents: { name: { any_: ["delta"] } } },
    { block_schemas: { id: { any_: [kinds[0].block_schema_id] } } },
    { block_schemas: { version: { any_: ["2"] } } },
    { block_documents: { unknown: 1 } },
    { block_documents: null },
  ]) {
    await api.post("/block_documents/filter", filter);
    await api.post("/block_documents/count", filter);
  }
  await api.post("/block_documents/filter", { include_secrets: true, limit: 2, offset: 1 });
  await api.post("/block_documents/filter", { limit: 0 });
  await api.post("/block_documents/filter", { limit: 201 });
  await api.post("/block_documents/filter", { offset: -1 });
  await api.post("/block_documents/filter", { include_secrets: "perhaps" });
});

const storage = script("storage of results in a block", async (api) => {
  const type = await createType(api, "storage");
  const able = await createSchema(api, type, { fields: { title: "S" }, capabilities: ["write-path"] });
  const unable = await createSchema(api, type, { fields: { title: "T" } });
  const choose = async (id: string) => {
    await api.put("/admin/storage", { default_result_storage_block_id: id });
    await api.get("/admin/storage");
  };
  const document = await documentsOf(api, { block_type_id: type, block_schema_id: able })("good");
  await choose(await documentsOf(api, { block_type_id: type, block_schema_id: unable })("bad"));
  await choose(document);
  await api.delete(`/block_schemas/${unable}`);
  await api.get("/admin/storage");
  await api.delete(`/block_documents/${document}`);
  await api.get("/admin/storage");
  await choose(await documentsOf(api, { block_type_id: type, block_schema_id: able })("again"));
  await api.delete(`/block_schemas/${able}`);
  await api.get("/admin/storage");
  const last = await createSchema(api, type, { fields: { title: "S" }, capabilities: ["write-path"] });
  await choose(await documentsOf(api, { block_type_id: type, block_schema_id: last })("last"));
  await api.delete(`/block_types/${type}`);
  await api.get("/admin/storage");
});

const jobVariables = script("documents as defaults of job variables", async (api) => {
  const kind = await createKind(api, "settings", { secret_fields: ["password"] });
  const document = await documentsOf(api, kind)("settings", { size: 2, password: "p" });
  const pool = async (name: string, properties: object) => {
    const variables = { type: "object", properties, required: ["settings"] };
    const base_job_template = { job_configuration: { settings: "{{ settings }}" }, variables };
    await api.post("/work_pools/", { name, type: "process", base_job_template });
    const flow_id = (await api.post("/flows/", { name: "a-flow" })).id;
    const job_variables = { other: 1 };
    const { id } = await api.post("/deployments/", { name, flow_id, work_pool_name: name, job_variables });
    await api.post(
      `/deployments/${id}/create_flow_run`,
      { job_variables: { other: 2 } },
      { ignore: ["work_queue_id"] },
    );
  };
  const object = (properties: object) => ({ type: "object", properties, default: reference(document) });
  await pool("fits", { settings: object({ size: { type: "integer" } }) });
  await pool("does-not-fit", { settings: object({ size: { type: "string" } }) });
  await pool("masked", { settings: object({ password: { const: "p" } }) });
  await pool("unknown", { settings: { type: "object", default: reference(UNKNOWN_ID) } });
  await pool("malformed", { settings: { type: "object", default: { $ref: { block_document_id: "x" } } } });
  await pool("nothing", { settings: { type: "object", default: { $ref: {} } } });
});

const deploymentBlocks = script("documents of deployments and work pools", async (api) => {
  const kind = await createKind(api, "storage");
  const document = await documentsOf(api, kind)("storage");
  const flow_id = (await api.post("/flows/", { name: "a-flow" })).id;
  for (const field of ["storage_document_id", "infrastructure_document_id"]) {
    await api.post("/deployments/", { name: field, flow_id, [field]: document });
    await api.post("/deployments/", { name: `${field}-2`, flow_id, [field]: UNKNOWN_ID });
  }
  for (const default_result_storage_block_id of [document, UNKNOWN_ID])
    await api.post("/work_pools/", {
      name: "pool",
      type: "process",
      storage_configuration: { default_result_storage_block_id },
    });
  await api.get("/work_pools/pool");
  await api.delete(`/block_documents/${document}`);
  await api.get("/work_pools/pool");
  await api.post("/deployments/filter");
});

export const blockDocuments = scriptFile([import.meta.url, KINDS], "block-documents", [
  documents,
  changes,
  names,
  nestedDocuments,
  depth,
  lists,
  storage,
  jobVariables,
  deploymentBlocks,
]);
