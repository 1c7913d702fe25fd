import { script, scriptFile } from "../script.ts";
import { createSchema, createType, documentsOf } from "./block-kinds.ts";
import { UNKNOWN_ID } from "./common.ts";

const KINDS = new URL("block-kinds.ts", import.meta.url).href;

/** What the reference answers a list with has an order only as far as it is sorted by something. */
const ANY_ORDER = { unordered: ["body"] } as const;

const types = script("types: create, read, change and delete", async (api) => {
  const id = await createType(api, "a-type", {
    logo_url: "https://example.com/logo.png",
    documentation_url: "",
    description: `a <b> & "c" 'd'`,
    code_example: "if a < b: ...",
  });
  await createType(api, "a-type", { name: "Another name" });
  await api.get(`/block_types/${id}`);
  await api.get(`/block_types/${UNKNOWN_ID}`);
  await api.get("/block_types/not-a-uuid");
  await api.get("/block_types/slug/a-type");
  await api.get("/block_types/slug/unknown");
  for (const change of [
    { logo_url: "x" },
    { description: "a <i>", code_example: null },
    { logo_url: "x", documentation_url: "", description: "a <i>", code_example: null },
    {},
    { name: "other" },
    { logo_url: 1 },
  ]) {
    await api.patch(`/block_types/${id}`, change);
    await api.get(`/block_types/${id}`);
  }
  await api.patch(`/block_types/${UNKNOWN_ID}`, { logo_url: "x" });
  const kind = { block_type_id: id, block_schema_id: await createSchema(api, id) };
  const document = await documentsOf(api, kind)("a-document");
  await api.delete(`/block_types/${id}`);
  await api.delete(`/block_types/${id}`);
  await api.get(`/block_schemas/${kind.block_schema_id}`);
  await api.get(`/block_documents/${document}`);
  await api.until(
    () => api.post("/events/filter", { filter: { resource: { id: [`prefect.block-type.${id}`] }, order: "ASC" } }),
    (answer) => answer.at("total") === 5,
  );
});

const typeNames = script("types: names that are refused or odd", async (api) => {
  for (const name of ["Prefect thing", "prefector", "a/b", "a%b", "a&b", "", " ", "ü", "x".repeat(300)])
    await api.post("/block_types/", { name, slug: `slug-${name.length}` });
  for (const slug of ["Upper", "a_b", "", "a b", "ü", "a-1", 1])
    await api.post("/block_types/", { name: `n${String(slug).length}`, slug });
  await api.post("/block_types/", { name: "n" });
  await api.post("/block_types/", { slug: "n" });
  await api.post("/block_types/", { name: "n", slug: "n", is_protected: true });
  await api.post("/block_types/", []);
});

const typeLists = script("types: filter and page", async (api) => {
  const first = await createType(api, "alpha");
  await createType(api, "beta-type", { name: "Beta_type" });
  await createType(api, "gamma", { name: "aa gamma" });
  await createSchema(api, first, { capabilities: ["read", "write"], version: "1.0" });
  for (const block_types of [
    { name: { like_: "the" } },
    { name: { like_: "A_T" } },
    { name: { like_: "" } },
    { slug: { any_: ["alpha", "gamma", "none"] } },
    { slug: { any_: [] } },
    { name: { like_: "a" }, slug: { any_: ["gamma"] } },
    { operator: "or_" },
    { id: {} },
  ])
    await api.post("/block_types/filter", { block_types });
  for (const block_schemas of [
    { block_capabilities: { all_: ["read"] } },
    { block_capabilities: { all_: ["read", "other"] } },
    { version: { any_: ["1.0"] } },
    { operator: "or_", version: { any_: ["2"] }, block_capabilities: { all_: ["write"] } },
    {},
  ])
    await api.post("/block_types/filter", { block_schemas });
  await api.post("/block_types/filter");
  await api.post("/block_types/filter", { limit: 1, offset: 1 });
  await api.post("/block_types/filter", { limit: 0 });
  await api.post("/block_types/filter", { limit: 201 });
  await api.post("/block_types/filter", { offset: -1 });
});

/** What the reference and we say of a type in our own words. */
const OWN_WORDS = ["description", "code_example", "documentation_url", "logo_url"] as const;

const systemTypes = script("types: those of the system", async (api) => {
  await createType(api, "secret", { name: "Not the system's" });
  for (let time = 1; time <= 2; time++) {
    await api.post("/block_types/install_system_block_types");
    for (const slug of ["webhook", "local-file-system"]) {
      const { id } = await api.get(`/block_types/slug/${slug}`, { ignore: OWN_WORDS });
      await api.delete(`/block_types/${id}`);
    }
    await api.get("/block_capabilities/", ANY_ORDER);
  }
});

const schemas = script("schemas: create, read and delete", async (api) => {
  const type = await createType(api);
  const other = await createType(api, "other");
  const fields = { properties: { ü: { default: 0.5, enum: [1, null, true, "\u007f\ud83d\ude00\n"] } } };
  const id = await createSchema(api, type, { fields, capabilities: ["b", "a"], version: "1" });
  await createSchema(api, type, { fields, version: "1" });
  await createSchema(api, other, { fields, version: "1" });
  await createSchema(api, other, { fields, version: "2" });
  await createSchema(api, type, { fields: { ...fields, secret_fields: ["a"] }, version: "1" });
  const answer = await api.get(`/block_schemas/${id}`);
  await api.get(`/block_schemas/${UNKNOWN_ID}`);
  await api.get(`/block_schemas/checksum/${answer.at("checksum")}`);
  await api.get(`/block_schemas/checksum/${answer.at("checksum")}?version=1`);
  await api.get(`/block_schemas/checksum/${answer.at("checksum")}?version=3`);
  await api.get("/block_schemas/checksum/unknown");
  await createSchema(api, UNKNOWN_ID);
  await api.post("/block_schemas/", { fields: {}, block_type_id: "x", capabilities: "c", version: 1, checksum: "c" });
  await api.post("/block_schemas/", { fields: [], block_type_id: type });
  await api.post("/block_schemas/", { block_type_id: type });
  await api.get("/block_capabilities/", ANY_ORDER);
  await api.post("/block_schemas/filter");
  for (const block_schemas of [
    { block_type_id: { any_: [other] } },
    { id: { any_: [id] } },
    { id: { any_: [] } },
    { version: { any_: ["1", "2"] } },
    { block_capabilities: { all_: ["a", "b"] } },
    { operator: "or_", version: { any_: ["2"] }, id: { any_: [id] } },
    { checksum: {} },
  ])
    await api.post("/block_schemas/filter", { block_schemas });
  await api.post("/block_schemas/filter", { limit: 1, offset: 1 });
  await api.post("/block_schemas/filter", { limit: -1 });
  await api.delete(`/block_schemas/${id}`);
  await api.delete(`/block_schemas/${id}`);
});

const inner = (slug: string, more: object = {}) => ({
  title: `Inner ${slug}`,
  type: "object",
  block_type_slug: slug,
  properties: { x: { type: "integer" } },
  secret_fields: ["x"],
  block_schema_references: {},
  ...more,
});
const to = (key: string) => ({ $ref: `#/definitions/${key}` });
const nestedIn = (slug: string, checksum = `unknown ${slug}`) => ({
  block_type_slug: slug,
  block_schema_checksum: checksum,
});

const nestedSchemas = script("schemas: nested blocks", async (api) => {
  const type = await createType(api, "outer");
  await createType(api, "one");
  await createType(api, "two");
  const definitions = {
    One: inner("one", {
      properties: { two: to("Two"), plain: to("Plain") },
      block_schema_references: { two: nestedIn("two") },
    }),
    Two: inner("two"),
    Plain: { title: "Plain", type: "object", properties: { more: to("More") } },
    More: { title: "More", type: "string" },
    Unused: { title: "Unused" },
    Anything: {},
  };
  const properties = {
    one: to("One"),
    either: { anyOf: [to("One"), to("Two")] },
    many: { items: to("More") },
    any: to("Anything"),
  };
  const block_schema_references = { one: nestedIn("one"), either: [nestedIn("one"), nestedIn("two")] };
  const fields = { title: "Outer", properties, definitions, block_schema_references };
  const id = await createSchema(api, type, { fields });
  await createSchema(api, type, { fields });
  const whole = await api.get(`/block_schemas/${id}`);
  await api.get(`/block_schemas/checksum/${whole.at("checksum")}`);
  await api.post("/block_schemas/filter");
  const known = whole.at("fields.block_schema_references.one.block_schema_checksum");
  await createSchema(api, type, {
    fields: { properties: { one: {} }, block_schema_references: { one: nestedIn("one", String(known)) } },
  });
  for (const broken of [
    { block_schema_references: { one: nestedIn("unknown") } },
    { block_schema_references: { one: nestedIn("it's") } },
    { block_schema_references: { one: nestedIn("one") } },
    { properties: { one: to("None") }, block_schema_references: { one: nestedIn("one") }, definitions },
    { block_schema_references: { one: {} } },
    { block_schema_references: { one: 1 } },
    { block_schema_references: 1 },
    { definitions: [] },
    { definitions: {} },
    { definitions: null },
  ])
    await createSchema(api, type, { fields: { title: "Broken", ...broken } });
});

export const blocks = scriptFile([import.meta.url, KINDS], "blocks", [
  types,
  typeNames,
  typeLists,
  systemTypes,
  schemas,
  nestedSchemas,
]);
